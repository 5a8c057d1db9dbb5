package dev.parley.store.log;

import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent.StoredEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A log in memory, shared by all the nodes of a test, that is as nasty as its contract allows and refuses callers that
 * break theirs. Messages travel; those of one connection arrive in order, but one that outlives its connection arrives
 * whenever the {@link Weather} likes, also after later ones.
 */
public final class FakeLog {
    /** The newest entries, which are never deleted. */
    public static final int ENTRIES_KEPT_MIN = 100;

    private final UUID id;
    private final Scheduler scheduler;
    private final Weather weather;
    private final int entryBytesMax;
    private final List<StoredEntry> entries = new ArrayList<>();
    private final List<FakeLogClient> clients = new ArrayList<>();
    private long trimmed;
    private long stampBase;
    private int segment = 1;
    private long sessions;

    public FakeLog(UUID id, Scheduler scheduler, Weather weather, int entryBytesMax) {
        this.id = id;
        this.scheduler = scheduler;
        this.weather = weather;
        this.entryBytesMax = entryBytesMax;
    }

    /** A new client, connected as soon as a message has travelled. */
    public synchronized FakeLogClient open(Consumer<LogEvent> listener) {
        FakeLogClient client = new FakeLogClient(this, listener);
        clients.add(client);
        return client;
    }

    UUID id() {
        return id;
    }

    int entryBytesMax() {
        return entryBytesMax;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    long now() {
        return scheduler.nowNanos();
    }

    Weather weather() {
        return weather;
    }

    /** Seals the segment: every append sent before its client learnt of it is refused. */
    public synchronized void roll() {
        segment++;
    }

    synchronized int segment() {
        return segment;
    }

    synchronized long newSession() {
        return ++sessions;
    }

    /** Every entry ever stored, also those deleted since; the first has index 1. */
    public synchronized List<StoredEntry> history() {
        return List.copyOf(entries);
    }

    public synchronized long lastIndex() {
        return entries.size();
    }

    public synchronized StoredEntry entry(long index) {
        return entries.get(Math.toIntExact(index - 1));
    }

    public synchronized long trimmedUpTo() {
        return trimmed;
    }

    /** Loses everything, as an ensemble does whose disks were wiped. What is stored from now on has other stamps. */
    public synchronized void wipe() {
        entries.clear();
        trimmed = 0;
        stampBase += 1_000_000_000L;
    }

    /** Stores an entry that no node wrote. */
    public synchronized long store(Bytes content) {
        long index = entries.size() + 1L;
        entries.add(new StoredEntry(new LogIndex(index), stampBase + index * 7, content));
        clients.forEach(FakeLogClient::hint);
        return index;
    }

    /** Deletes entries, also of the newest, as if there were many behind them. */
    public synchronized void trim(long upTo) {
        trimmed = Math.max(trimmed, Math.min(upTo, entries.size()));
    }

    synchronized void collect(long upTo) {
        trimmed = Math.max(trimmed, Math.min(upTo, entries.size() - ENTRIES_KEPT_MIN));
    }

    /** Answers a read by a server that has seen everything up to {@code visible}. */
    synchronized LogEvent read(long next, long visible) {
        if (next <= trimmed) {
            return new LogEvent.BehindTrim(new LogIndex(trimmed));
        }
        if (next > Math.min(visible, entries.size())) {
            return new LogEvent.EndReached(new LogIndex(next));
        }
        long last = Math.min(Math.min(visible, entries.size()), next + weather.entriesPerRead() - 1);
        return new LogEvent.Entries(List.copyOf(entries.subList((int) next - 1, (int) last)));
    }

    synchronized LogEvent verify(long applied, long stamp) {
        if (applied <= trimmed) {
            return new LogEvent.BehindTrim(new LogIndex(trimmed));
        }
        if (applied > entries.size()) {
            return new LogEvent.Broken("log-behind-replica", "entry " + applied + " is not there");
        }
        return entry(applied).stamp() == stamp
                ? new LogEvent.Verified()
                : new LogEvent.Broken("log-behind-replica", "entry " + applied + " is another one");
    }
}
