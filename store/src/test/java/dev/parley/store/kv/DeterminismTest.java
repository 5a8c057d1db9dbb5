package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.EntryCodec.Decoded;
import dev.parley.store.kv.StateMachine.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class DeterminismTest {
    private static final int ENTRIES = 400;

    @Test
    void theSameLogGivesTheSameStateAndTheSameAnswersEverywhere() {
        for (int seed = 0; seed < 10; seed++) {
            List<Bytes> log = log(seed);
            Replay first = new Replay(new TreeStateMap(), 0);
            Replay second = new Replay(new TreeStateMap(), 0);
            first.applyUpTo(log, log.size());
            second.applyUpTo(log, log.size());

            assertEquals(first.map.dump(), second.map.dump(), "seed " + seed);
            assertEquals(first.applied, second.applied, "seed " + seed);
            assertTrue(first.map.newest() > 100, "seed " + seed + " only came to " + first.map.newest());
        }
    }

    @Test
    void aCopyOfTheMapIsAllItTakesToGoOn() {
        for (int seed = 0; seed < 10; seed++) {
            List<Bytes> log = log(seed);
            Replay whole = new Replay(new TreeStateMap(), 0);
            for (int split = 0; split < log.size(); split += 37) {
                whole.applyUpTo(log, split);
                Replay rest = new Replay(whole.map.copy(), split);
                rest.applyUpTo(log, log.size());
                Replay fromTheStart = new Replay(new TreeStateMap(), 0);
                fromTheStart.applyUpTo(log, log.size());
                assertEquals(fromTheStart.map.dump(), rest.map.dump(), "seed " + seed + ", split at " + split);
            }
        }
    }

    @Test
    void noCommandIsSoOddThatApplyThrows() {
        RandomEntries nonsense = new RandomEntries(new SplittableRandom(11));
        Script script = new Script();
        for (int round = 0; round < 10_000; round++) {
            if (Writers.find(script.map, script.writer).isEmpty()) {
                script.open(Script.NODE);
            }
            script.answers(nonsense.submission(), Submission.of(nonsense.command()));
            script.apply(nonsense.entry());
        }
        assertTrue(script.map.newest() > 1_000, "only came to " + script.map.newest());
    }

    private static final class Replay {
        private final TreeStateMap map;
        private final List<Applied> applied = new ArrayList<>();
        private int index;

        Replay(TreeStateMap map, int index) {
            this.map = map;
            this.index = index;
        }

        void applyUpTo(List<Bytes> log, int end) {
            for (; index < end; index++) {
                Bytes encoded = log.get(index);
                LogEntry entry = assertInstanceOf(Decoded.Entry.class, EntryCodec.decode(encoded))
                        .entry();
                applied.add(StateMachine.apply(map, index + 1, encoded.size(), entry));
            }
        }
    }

    /** Three nodes write, lead, come back under another store and leave; batches come twice and too early. */
    private static List<Bytes> log(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomCommands commands = new RandomCommands(random.split());
        RandomEntries nonsense = new RandomEntries(random.split());
        List<Bytes> log = new ArrayList<>();
        long[] writers = new long[3];
        long[] numbers = new long[3];
        long epoch = 0;
        while (log.size() < ENTRIES) {
            int node = random.nextInt(3);
            String name = "n" + node;
            long index = log.size() + 1;
            if (writers[node] == 0 || random.nextInt(60) == 0) {
                log.add(EntryCodec.encode(new LogEntry.Open(new UUID(index, node), name)));
                writers[node] = index;
                numbers[node] = 0;
                continue;
            }
            List<Submission> submissions = new ArrayList<>();
            for (int count = random.nextInt(8); count > 0; count--) {
                submissions.add(commands.submission(index, epoch));
            }
            UUID store = new UUID(node, random.nextInt(10) / 9);
            switch (random.nextInt(12)) {
                case 0 -> submissions.add(Submission.of(new Command.RegisterMember(name, store, "", 1)));
                case 1 -> submissions.add(Submission.of(new Command.ReportDurable(name, store, index - 1)));
                case 2 -> submissions.add(Submission.of(new Command.Tick(epoch, index * 1_000)));
                case 3 -> submissions.add(Submission.of(new Command.Trim(epoch, Math.max(0, index - 120))));
                case 4 -> {
                    submissions.add(Submission.of(new Command.TakeOffice(name, new UUID(index, index))));
                    epoch = index;
                }
                case 5 -> {
                    int closed = (node + 1) % 3;
                    submissions.add(Submission.of(new Command.CloseWriter(writers[closed])));
                    writers[closed] = random.nextInt(3) == 0 ? writers[closed] : 0;
                }
                case 6 -> submissions.add(Submission.of(nonsense.command()));
                default -> {}
            }
            long offset = random.nextInt(10) == 0 ? random.nextInt(-1, 2) : 0;
            long number = numbers[node] + 1 + offset;
            numbers[node] += offset == 0 ? 1 : 0;
            log.add(EntryCodec.encode(
                    new LogEntry.Batch(writers[node], number, index * 1_000 - random.nextInt(5_000), submissions)));
        }
        return log;
    }
}
