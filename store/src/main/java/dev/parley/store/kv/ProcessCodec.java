package dev.parley.store.kv;

import dev.parley.store.kv.Outcome.ProcessDone;
import dev.parley.store.kv.Outcome.ProcessRefused;
import dev.parley.store.kv.PlacementCommand.ReportInstance;
import dev.parley.store.kv.PlacementCommand.ReportInstance.Report;
import java.util.Optional;
import java.util.OptionalLong;

/** Commands about processes and their outcomes as bytes. Kinds 80 to 99 are theirs, in either. */
final class ProcessCodec {
    private static final int FIRST_KIND = 80;
    private static final int LAST_KIND = 99;

    private static final int PUT_PROCESS = 80;
    private static final int DELETE_PROCESS = 81;
    private static final int STEER_PROCESS = 82;
    private static final int PUT_RECORD = 83;
    private static final int PLACE_INSTANCE = 84;
    private static final int WITHDRAW_INSTANCE = 85;
    private static final int FORGET_INSTANCE = 86;
    private static final int REPORT_INSTANCE = 87;
    private static final int NOTE_REDISTRIBUTION = 88;

    private static final int STORED = 80;
    private static final int DELETED = 81;
    private static final int STEERED = 82;
    private static final int NAME_TAKEN = 83;
    private static final int UNKNOWN = 84;
    private static final int IMMOVABLE = 85;

    private static final int RUNNING = 1;
    private static final int ENDED = 2;
    private static final int FINISHED = 3;
    private static final int FAILED = 4;
    private static final int RELEASED = 5;

    private ProcessCodec() {}

    static boolean isKind(int kind) {
        return kind >= FIRST_KIND && kind <= LAST_KIND;
    }

    static void write(BinaryWriter out, ProcessCommand command) {
        switch (command) {
            case ProcessCommand.PutProcess put ->
                put.specification().writeTo(out.u8(PUT_PROCESS).text(put.name()));
            case ProcessCommand.DeleteProcess delete -> out.u8(DELETE_PROCESS).text(delete.name());
            case ProcessCommand.SteerProcess steer ->
                out.u8(STEER_PROCESS).text(steer.name()).u8(steer.wish().code()).text(steer.node());
            case ProcessCommand.PutRecord put -> {
                out.u8(PUT_RECORD).text(put.name()).key(put.id()).text(put.contentType());
                writeOptional(out, put.value());
                out.flag(put.onlyAt().isPresent());
                put.onlyAt().ifPresent(out::i64);
            }
        }
    }

    static void write(BinaryWriter out, PlacementCommand command) {
        switch (command) {
            case PlacementCommand.PlaceInstance place ->
                out.u8(PLACE_INSTANCE)
                        .i64(place.epoch())
                        .text(place.name())
                        .i64(place.processRevision())
                        .text(place.node())
                        .i64(place.attendance())
                        .text(place.home());
            case PlacementCommand.WithdrawInstance withdraw ->
                out.u8(WITHDRAW_INSTANCE)
                        .i64(withdraw.epoch())
                        .text(withdraw.name())
                        .text(withdraw.node())
                        .i64(withdraw.token());
            case PlacementCommand.ForgetInstance forget ->
                out.u8(FORGET_INSTANCE)
                        .i64(forget.epoch())
                        .text(forget.name())
                        .text(forget.node())
                        .i64(forget.token());
            case ReportInstance report -> {
                out.u8(REPORT_INSTANCE).text(report.name()).text(report.node()).i64(report.token());
                write(out, report.report());
            }
            case PlacementCommand.NoteRedistribution note ->
                out.u8(NOTE_REDISTRIBUTION).i64(note.epoch()).flag(note.begun()).i32(note.instances());
        }
    }

    private static void write(BinaryWriter out, Report report) {
        switch (report) {
            case Report.Running(int restarts) -> out.u8(RUNNING).i32(restarts);
            case Report.Ended(int restarts, String reason) ->
                out.u8(ENDED).i32(restarts).text(reason);
            case Report.Finished(int restarts) -> out.u8(FINISHED).i32(restarts);
            case Report.Failed(int restarts, String reason) ->
                out.u8(FAILED).i32(restarts).text(reason);
            case Report.Released(Optional<Bytes> state) -> writeOptional(out.u8(RELEASED), state);
        }
    }

    static Command readCommand(int kind, BinaryReader in) {
        return switch (kind) {
            case PUT_PROCESS -> new ProcessCommand.PutProcess(in.text(), ProcessSpecification.read(in));
            case DELETE_PROCESS -> new ProcessCommand.DeleteProcess(in.text());
            case STEER_PROCESS ->
                new ProcessCommand.SteerProcess(in.text(), ProcessCommand.SteerProcess.Wish.of(in.u8()), in.text());
            case PUT_RECORD -> {
                String name = in.text();
                Key id = in.key();
                String contentType = in.text();
                Optional<Bytes> value = readOptional(in, Limits.VALUE_BYTES_MAX);
                OptionalLong onlyAt = in.flag() ? OptionalLong.of(in.i64()) : OptionalLong.empty();
                yield new ProcessCommand.PutRecord(name, id, value, contentType, onlyAt);
            }
            case PLACE_INSTANCE ->
                new PlacementCommand.PlaceInstance(in.i64(), in.text(), in.i64(), in.text(), in.i64(), in.text());
            case WITHDRAW_INSTANCE -> new PlacementCommand.WithdrawInstance(in.i64(), in.text(), in.text(), in.i64());
            case FORGET_INSTANCE -> new PlacementCommand.ForgetInstance(in.i64(), in.text(), in.text(), in.i64());
            case REPORT_INSTANCE -> new ReportInstance(in.text(), in.text(), in.i64(), readReport(in));
            case NOTE_REDISTRIBUTION -> new PlacementCommand.NoteRedistribution(in.i64(), in.flag(), in.i32());
            default -> throw new Malformed("no command has kind " + kind);
        };
    }

    private static Report readReport(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case RUNNING -> new Report.Running(in.i32());
            case ENDED -> new Report.Ended(in.i32(), in.text());
            case FINISHED -> new Report.Finished(in.i32());
            case FAILED -> new Report.Failed(in.i32(), in.text());
            case RELEASED -> new Report.Released(readOptional(in, Limits.HANDED_OVER_BYTES_MAX));
            default -> throw new Malformed("no report has kind " + kind);
        };
    }

    private static void writeOptional(BinaryWriter out, Optional<Bytes> bytes) {
        out.flag(bytes.isPresent());
        bytes.ifPresent(out::longBytes);
    }

    private static Optional<Bytes> readOptional(BinaryReader in, int sizeMax) {
        return in.flag() ? Optional.of(in.longBytes(sizeMax)) : Optional.empty();
    }

    static void write(BinaryWriter out, ProcessDone done) {
        switch (done) {
            case Outcome.ProcessStored stored ->
                out.u8(STORED).i64(stored.revision()).flag(stored.created());
            case Outcome.ProcessDeleted deleted -> out.u8(DELETED).i64(deleted.revision());
            case Outcome.ProcessSteered steered -> out.u8(STEERED).i64(steered.revision());
        }
    }

    static void write(BinaryWriter out, ProcessRefused refused) {
        switch (refused) {
            case Outcome.ProcessNameTaken taken -> out.u8(NAME_TAKEN).text(taken.name());
            case Outcome.ProcessUnknown unknown -> out.u8(UNKNOWN).text(unknown.name());
            case Outcome.ProcessImmovable immovable ->
                out.u8(IMMOVABLE).text(immovable.name()).text(immovable.why());
        }
    }

    static Outcome readOutcome(int kind, BinaryReader in) {
        return switch (kind) {
            case STORED -> new Outcome.ProcessStored(in.i64(), in.flag());
            case DELETED -> new Outcome.ProcessDeleted(in.i64());
            case STEERED -> new Outcome.ProcessSteered(in.i64());
            case NAME_TAKEN -> new Outcome.ProcessNameTaken(in.text());
            case UNKNOWN -> new Outcome.ProcessUnknown(in.text());
            case IMMOVABLE -> new Outcome.ProcessImmovable(in.text(), in.text());
            default -> throw new Malformed("no outcome has kind " + kind);
        };
    }
}
