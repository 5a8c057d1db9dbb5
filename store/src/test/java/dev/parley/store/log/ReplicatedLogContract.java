package dev.parley.store.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent.StoredEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every {@link ReplicatedLog} does while nothing is broken: the fake and the one on ZooKeeper alike. */
public abstract class ReplicatedLogContract {
    /** Another client of the log of this test, which begins empty. */
    protected abstract ReplicatedLog open(Consumer<LogEvent> listener);

    private LogProbe probe() {
        return new LogProbe(this::open);
    }

    private static Bytes entry(Object content) {
        return Bytes.utf8("entry " + content);
    }

    private static LogIndex index(long value) {
        return new LogIndex(value);
    }

    @Test
    public void anEmptyLogHasNothingYetAtOne() {
        try (LogProbe probe = probe()) {
            assertEquals(new LogEvent.EndReached(index(1)), probe.read(index(1)));
        }
    }

    @Test
    public void theFirstEntryIsOne() {
        try (LogProbe probe = probe()) {
            assertEquals(index(1), probe.append(entry("a")));
        }
    }

    @Test
    public void anEntryIsReadWhereItsAnswerSaid() {
        try (LogProbe probe = probe()) {
            probe.append(entry("a"));
            LogIndex at = probe.append(entry("b"));

            List<StoredEntry> read = probe.readFrom(at);

            assertEquals(1, read.size());
            assertEquals(entry("b"), read.getFirst().content());
        }
    }

    @Test
    public void entriesSentWithoutWaitingAreStoredInTheirOrder() {
        try (LogProbe probe = probe()) {
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                tickets.add(probe.send(entry(i)));
            }
            for (int i = 0; i < 50; i++) {
                assertEquals(index(i + 1), probe.stored(tickets.get(i)));
            }

            List<Bytes> read =
                    probe.readFrom(index(1)).stream().map(StoredEntry::content).toList();

            assertEquals(50, read.size());
            for (int i = 0; i < 50; i++) {
                assertEquals(entry(i), read.get(i));
            }
        }
    }

    @Test
    public void twoWritersSeeOneOrderWithoutHoles() {
        try (LogProbe one = probe();
                LogProbe other = probe()) {
            List<Long> ofOne = new ArrayList<>();
            List<Long> ofOther = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                ofOne.add(one.send(entry("one " + i)));
                ofOther.add(other.send(entry("other " + i)));
            }
            LogIndex lastOfOne = one.stored(ofOne.getLast());
            LogIndex lastOfOther = other.stored(ofOther.getLast());
            long last = Math.max(lastOfOne.value(), lastOfOther.value());

            assertEquals(60, last);
            assertEquals(readUpTo(one, last), readUpTo(other, last));
        }
    }

    /** A server may be behind, so asks until all is there. */
    private static List<StoredEntry> readUpTo(LogProbe probe, long last) {
        List<StoredEntry> all = new ArrayList<>();
        for (int attempts = 0; all.size() < last; attempts++) {
            assertTrue(attempts < 100_000, "entry " + (all.size() + 1) + " does not come");
            all.addAll(probe.readFrom(index(all.size() + 1L)));
        }
        return all;
    }

    @Test
    public void anEntryKeepsItsStampForEveryReader() {
        try (LogProbe one = probe();
                LogProbe other = probe()) {
            one.append(entry("a"));
            one.append(entry("b"));

            List<StoredEntry> read = readUpTo(one, 2);

            assertEquals(read, readUpTo(other, 2));
            assertTrue(read.getFirst().stamp() != read.getLast().stamp());
        }
    }

    @Test
    public void theLargestEntryIsTaken() {
        try (LogProbe probe = probe()) {
            byte[] content = new byte[probe.log().entryBytesMax()];
            content[content.length - 1] = 7;
            LogIndex at = probe.append(Bytes.copyOf(content));

            assertEquals(Bytes.wrap(content), probe.readFrom(at).getFirst().content());
        }
    }

    @Test
    public void theEntryAppliedLastIsVerifiedByItsStamp() {
        try (LogProbe probe = probe()) {
            LogIndex at = probe.append(entry("a"));
            long stamp = probe.readFrom(at).getFirst().stamp();

            assertEquals(new LogEvent.Verified(), probe.verify(at, stamp));
        }
    }

    @Test
    public void anotherEntryInItsPlaceIsFoundOut() {
        try (LogProbe probe = probe()) {
            LogIndex at = probe.append(entry("a"));
            long stamp = probe.readFrom(at).getFirst().stamp();

            LogEvent answer = probe.verify(at, stamp + 1);

            assertEquals(
                    "log-behind-replica",
                    assertInstanceOf(LogEvent.Broken.class, answer).problem());
        }
    }

    @Test
    public void aLogThatEndsBeforeTheEntryAppliedLastIsFoundOut() {
        try (LogProbe probe = probe()) {
            LogIndex at = probe.append(entry("a"));

            LogEvent answer = probe.verify(index(at.value() + 10), 1);

            assertEquals(
                    "log-behind-replica",
                    assertInstanceOf(LogEvent.Broken.class, answer).problem());
        }
    }

    @Test
    public void whatWasCollectedIsBehindTheTrimPoint() {
        try (LogProbe probe = probe()) {
            for (int i = 0; i < 150; i++) {
                probe.append(entry(i));
            }

            probe.log().collect(index(40));

            awaitBehindTrim(probe, index(1));
            assertEquals(110, probe.readFrom(index(41)).size());
        }
    }

    @Test
    public void theNewestHundredAreNeverCollected() {
        try (LogProbe probe = probe()) {
            for (int i = 0; i < 150; i++) {
                probe.append(entry(i));
            }

            probe.log().collect(index(150));

            awaitBehindTrim(probe, index(50));
            assertEquals(100, probe.readFrom(index(51)).size());
        }
    }

    private static void awaitBehindTrim(LogProbe probe, LogIndex at) {
        for (int attempts = 0; attempts < 100_000; attempts++) {
            if (probe.read(at) instanceof LogEvent.BehindTrim(LogIndex trimmed)) {
                assertTrue(trimmed.isAtLeast(at), trimmed + " is below " + at);
                return;
            }
        }
        throw new AssertionError("entry " + at + " is never collected");
    }

    @Test
    public void afterCloseNothingArrivesAndASecondCloseDoesNothing() {
        LogProbe probe = probe();
        probe.append(entry("a"));
        probe.close();
        probe.forgetEvents();

        try (LogProbe other = probe()) {
            other.append(entry("b"));
        }
        probe.close();

        assertEquals(Optional.empty(), probe.poll());
    }
}
