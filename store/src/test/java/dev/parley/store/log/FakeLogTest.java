package dev.parley.store.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.store.kv.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FakeLogTest extends ReplicatedLogContract {
    private final SchedulerThread scheduler = new SchedulerThread();
    private final FakeLog log = new FakeLog(new UUID(1, 2), scheduler, Weather.FAIR, 10_000);

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @Override
    protected ReplicatedLog open(Consumer<LogEvent> listener) {
        return log.open(listener);
    }

    /** A scheduler whose time the test moves by hand. */
    private static final class Steps implements Scheduler {
        private final List<Runnable> due = new ArrayList<>();

        @Override
        public long nowNanos() {
            return 0;
        }

        @Override
        public void after(long delayNanos, String label, Runnable action) {
            due.add(action);
        }

        void runAll() {
            while (!due.isEmpty()) {
                due.removeFirst().run();
            }
        }
    }

    @Test
    void whatIsInFlightWhenTheConnectionBreaksIsReportedLostAndMayArriveAfterALaterOne() {
        Steps steps = new Steps();
        FakeLog late = new FakeLog(new UUID(1, 2), steps, Weather.FAIR, 10_000);
        List<LogEvent> events = new ArrayList<>();
        FakeLogClient client = late.open(events::add);
        steps.runAll();
        client.append(1, Bytes.utf8("first"));
        client.disconnect();
        client.reconnect();
        client.append(2, Bytes.utf8("second"));
        Runnable lateArrival = steps.due.remove(1);
        steps.runAll();

        lateArrival.run();
        steps.runAll();

        assertEquals(
                List.of(
                        new LogEvent.Connected(1),
                        new LogEvent.AppendLost(1),
                        new LogEvent.Suspended(),
                        new LogEvent.Connected(1),
                        new LogEvent.Hint(),
                        new LogEvent.Appended(2, new LogIndex(1)),
                        new LogEvent.Hint()),
                events);
        assertEquals(Bytes.utf8("second"), late.entry(1).content());
        assertEquals(Bytes.utf8("first"), late.entry(2).content());
    }

    @Test
    void afterARollWhatWasSentBeforeIsRefusedAndWhatIsSentLaterIsStored() {
        try (LogProbe probe = new LogProbe(this::open)) {
            log.roll();
            long refused = probe.send(Bytes.utf8("a"));
            probe.await(new LogEvent.AppendRefused(refused)::equals);

            assertEquals(new LogIndex(1), probe.append(Bytes.utf8("a")));
        }
    }

    @Test
    void aCallerThatBreaksTheContractIsToldSo() {
        try (LogProbe probe = new LogProbe(this::open)) {
            probe.append(Bytes.utf8("a"));

            assertThrows(IllegalArgumentException.class, () -> probe.log().append(1, Bytes.utf8("b")));
            assertThrows(IllegalArgumentException.class, () -> probe.log().append(9, Bytes.wrap(new byte[10_001])));
        }
    }
}
