package dev.parley.coordination.zklog;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node's log and its connection, with every event in a queue. */
final class RecordedLog implements AutoCloseable {
    static final long WAIT_SECONDS = 20;

    private final EnsembleConnection connection;
    private final ZooKeeperLog log;
    private final BlockingQueue<LogEvent> events = new LinkedBlockingQueue<>();
    private final Optional<LogFormation.Formed> formed;

    RecordedLog(String connectString, LogConfig config) {
        this(connectString, config, Optional.empty());
    }

    RecordedLog(String connectString, LogConfig config, Optional<UUID> known) {
        connection = TestConnections.open(connectString);
        LogFormation.Formed outcome = LogFormation.form(connection, known, () -> true, UUID::randomUUID);
        formed = Optional.of(outcome);
        log = ZooKeeperLog.open(connection, logOf(outcome), config, events::add);
    }

    static UUID logOf(LogFormation.Formed formed) {
        return switch (formed) {
            case LogFormation.Formed.Found found -> found.log();
            case LogFormation.Formed.Founded founded -> founded.log();
            case LogFormation.Formed.Refused refused -> throw new AssertionError(refused);
            case LogFormation.Formed.Unavailable unavailable -> throw new AssertionError(unavailable);
        };
    }

    ZooKeeperLog log() {
        return log;
    }

    EnsembleConnection connection() {
        return connection;
    }

    BlockingQueue<LogEvent> events() {
        return events;
    }

    /** The next event that is no hint. */
    LogEvent next() {
        try {
            while (true) {
                LogEvent event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
                if (event == null) {
                    throw new AssertionError("no event within " + WAIT_SECONDS + " s");
                }
                if (!(event instanceof LogEvent.Hint)) {
                    return event;
                }
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    <E extends LogEvent> E next(Class<E> kind) {
        LogEvent event = next();
        if (!kind.isInstance(event)) {
            throw new AssertionError("expected " + kind.getSimpleName() + ", was " + event);
        }
        return kind.cast(event);
    }

    /** Skips everything up to an event of this kind. */
    <E extends LogEvent> E await(Class<E> kind) {
        while (true) {
            LogEvent event = next();
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }

    LogIndex append(long ticket, String content) {
        log.append(ticket, Bytes.utf8(content));
        return await(LogEvent.Appended.class).index();
    }

    /** What a read is answered with. */
    LogEvent read(long index) {
        log.read(new LogIndex(index));
        while (true) {
            LogEvent event = next();
            if (event instanceof LogEvent.Entries
                    || event instanceof LogEvent.EndReached
                    || event instanceof LogEvent.BehindTrim
                    || event instanceof LogEvent.ReadFailed
                    || event instanceof LogEvent.Broken) {
                return event;
            }
        }
    }

    /** What a question whether this is the log is answered with. */
    LogEvent verify(long applied, long stamp) {
        log.verify(new LogIndex(applied), stamp);
        return next();
    }

    /** Every entry from {@code from} to the end. */
    List<LogEvent.StoredEntry> readAll(long from) {
        List<LogEvent.StoredEntry> all = new java.util.ArrayList<>();
        long next = from;
        while (true) {
            switch (read(next)) {
                case LogEvent.Entries entries -> {
                    for (LogEvent.StoredEntry entry : entries.entries()) {
                        if (entry.index().value() != next++) {
                            throw new AssertionError("a hole before " + entry.index());
                        }
                        all.add(entry);
                    }
                }
                case LogEvent.EndReached end -> {
                    return all;
                }
                case LogEvent other -> throw new AssertionError("reading " + next + ": " + other);
            }
        }
    }

    @Override
    public void close() {
        log.close();
        connection.close();
    }
}
