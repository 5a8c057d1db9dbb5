package dev.parley.store.log;

import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent.StoredEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** A client of a log that waits for answers and checks that each ticket is answered once. Not thread-safe. */
public final class LogProbe implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<LogEvent> events = new LinkedBlockingQueue<>();
    private final Map<Long, LogEvent> answers = new HashMap<>();
    private final ReplicatedLog log;
    private long nextTicket = 1;

    public LogProbe(Function<Consumer<LogEvent>, ReplicatedLog> open) {
        log = open.apply(events::add);
        await(LogEvent.Connected.class::isInstance);
    }

    public ReplicatedLog log() {
        return log;
    }

    /** @return the ticket */
    public long send(Bytes entry) {
        long ticket = nextTicket++;
        log.append(ticket, entry);
        return ticket;
    }

    /** Where the entry of this ticket was stored. */
    public LogIndex stored(long ticket) {
        while (!answers.containsKey(ticket)) {
            take();
        }
        if (answers.get(ticket) instanceof LogEvent.Appended(long answered, LogIndex index)) {
            return index;
        }
        throw new AssertionError("ticket " + ticket + ": " + answers.get(ticket));
    }

    public LogIndex append(Bytes entry) {
        return stored(send(entry));
    }

    /** The one answer to a read. */
    public LogEvent read(LogIndex next) {
        log.read(next);
        return await(LogProbe::isAnswerToRead);
    }

    public LogEvent verify(LogIndex applied, long stamp) {
        log.verify(applied, stamp);
        return await(event -> event instanceof LogEvent.Verified || isAnswerToRead(event));
    }

    /** Everything from {@code first} to the end as it shows now; fails at a hole. */
    public List<StoredEntry> readFrom(LogIndex first) {
        List<StoredEntry> all = new ArrayList<>();
        LogIndex next = first;
        while (read(next) instanceof LogEvent.Entries(List<StoredEntry> entries)) {
            for (StoredEntry entry : entries) {
                if (!entry.index().equals(next)) {
                    throw new AssertionError("asked for " + next + ", got " + entry.index());
                }
                all.add(entry);
                next = next.next();
            }
        }
        return all;
    }

    /** What arrived and was not waited for, without waiting. */
    public Optional<LogEvent> poll() {
        return Optional.ofNullable(events.poll());
    }

    public void forgetEvents() {
        events.clear();
    }

    public LogEvent await(Predicate<LogEvent> wanted) {
        while (true) {
            LogEvent event = take();
            if (wanted.test(event)) {
                return event;
            }
        }
    }

    private LogEvent take() {
        try {
            LogEvent event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event for " + PATIENCE_SECONDS + " s");
            }
            remember(event);
            return event;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void remember(LogEvent event) {
        switch (event) {
            case LogEvent.Appended(long ticket, LogIndex index) -> remember(ticket, event);
            case LogEvent.AppendLost(long ticket) -> remember(ticket, event);
            case LogEvent.AppendRefused(long ticket) -> remember(ticket, event);
            case LogEvent.Connected ignored -> {}
            case LogEvent.Suspended ignored -> {}
            case LogEvent.Entries ignored -> {}
            case LogEvent.EndReached ignored -> {}
            case LogEvent.BehindTrim ignored -> {}
            case LogEvent.ReadFailed ignored -> {}
            case LogEvent.Verified ignored -> {}
            case LogEvent.Hint ignored -> {}
            case LogEvent.Broken ignored -> {}
        }
    }

    private void remember(long ticket, LogEvent answer) {
        LogEvent before = answers.put(ticket, answer);
        if (before != null || ticket >= nextTicket) {
            throw new AssertionError("ticket " + ticket + " was answered by " + before + " and " + answer);
        }
    }

    private static boolean isAnswerToRead(LogEvent event) {
        return event instanceof LogEvent.Entries
                || event instanceof LogEvent.EndReached
                || event instanceof LogEvent.BehindTrim
                || event instanceof LogEvent.ReadFailed
                || event instanceof LogEvent.Broken;
    }

    @Override
    public void close() {
        log.close();
    }
}
