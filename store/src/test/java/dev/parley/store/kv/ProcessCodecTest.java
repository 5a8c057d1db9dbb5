package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.store.kv.PlacementCommand.ReportInstance;
import dev.parley.store.kv.PlacementCommand.ReportInstance.Report;
import dev.parley.store.kv.ProcessCommand.SteerProcess.Wish;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ProcessCodecTest {
    private static final Bytes STATE = Bytes.utf8("state");

    @Test
    void everyCommandReadsBackAsItWasWritten() {
        Stream<Command> commands = Stream.concat(
                Stream.of(
                        new ProcessCommand.PutProcess("w", ProcessCommandsTest.specification(3, "a=b", "c=d")),
                        new ProcessCommand.DeleteProcess("w"),
                        new ProcessCommand.SteerProcess("w", Wish.STOP, ""),
                        new ProcessCommand.SteerProcess("w", Wish.RESTART, ""),
                        new ProcessCommand.SteerProcess("w", Wish.MIGRATE, "n2"),
                        new ProcessCommand.PutRecord("w", Key.of("i"), Optional.of(STATE), "x/y", OptionalLong.of(7)),
                        new ProcessCommand.PutRecord("w", Key.of("i"), Optional.empty(), "", OptionalLong.empty()),
                        new PlacementCommand.PlaceInstance(1, "w", 2, "n1", 3, "n2"),
                        new PlacementCommand.WithdrawInstance(1, "w", "n1", 2),
                        new PlacementCommand.ForgetInstance(1, "w", "n1", 2),
                        new PlacementCommand.NoteRedistribution(1, true, 5)),
                Stream.<Report>of(
                                new Report.Running(1),
                                new Report.Ended(2, "why"),
                                new Report.Finished(3),
                                new Report.Failed(4, "why"),
                                new Report.Released(Optional.of(STATE)),
                                new Report.Released(Optional.empty()))
                        .map(report -> new ReportInstance("w", "n1", 9, report)));
        commands.forEach(command -> {
            var out = new BinaryWriter(16);
            CommandCodec.write(out, command);
            BinaryReader in = new BinaryReader(out.toBytes());
            assertEquals(command, CommandCodec.read(in));
            in.expectEnd();
        });
    }

    @Test
    void everyOutcomeReadsBackAsItWasWritten() {
        List.<Outcome>of(
                        new Outcome.ProcessStored(5, true),
                        new Outcome.ProcessDeleted(5),
                        new Outcome.ProcessSteered(5),
                        new Outcome.ProcessNameTaken("w"),
                        new Outcome.ProcessUnknown("w"),
                        new Outcome.ProcessImmovable("w", "why"))
                .forEach(outcome -> assertEquals(outcome, OutcomeCodec.decode(OutcomeCodec.encode(outcome))));
    }
}
