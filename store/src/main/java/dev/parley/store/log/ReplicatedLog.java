package dev.parley.store.log;

import dev.parley.store.kv.Bytes;
import java.util.UUID;

/**
 * The log all nodes agree on. Every method returns at once and throws nothing; what became of it arrives as a
 * {@link LogEvent} at the listener the log was opened with, on any thread, one event at a time.
 *
 * <p>Be pessimistic. An append may be stored and its answer lost; it may be stored after a later append of the same
 * caller, when the connection broke in between; it may be stored long after it was reported lost. What the log never
 * does is report {@link LogEvent.Appended} or return an entry that is not durable in a quorum, show two nodes
 * different entries at one index, or leave a hole.
 */
public interface ReplicatedLog extends AutoCloseable {
    /** The log's identity; in the path of every append. A backup or a table directory of another log is foreign. */
    UUID id();

    /**
     * Sends one entry. Entries sent while connected are stored in the order sent, unless one is lost. Answered by
     * {@link LogEvent.Appended}, {@link LogEvent.AppendLost} or {@link LogEvent.AppendRefused} with the same ticket,
     * each ticket exactly once. At most {@link #entryBytesMax()} bytes.
     *
     * @param ticket chosen by the caller, different for every send, also of the same entry
     */
    void append(long ticket, Bytes entry);

    /** Largest entry the ensemble was found to take. A larger one would cut the connection, for ever. */
    int entryBytesMax();

    /**
     * Asks for the entries from {@code next} on. Answered by exactly one of {@link LogEvent.Entries},
     * {@link LogEvent.EndReached}, {@link LogEvent.BehindTrim}, {@link LogEvent.ReadFailed} or {@link
     * LogEvent.Broken}. One read at a time.
     */
    void read(LogIndex next);

    /**
     * Asks whether the entry at {@code applied} still is the one with {@code stamp}. Sound only after an append of
     * this session was answered. Answered by {@link LogEvent.Verified}, {@link LogEvent.BehindTrim}, {@link
     * LogEvent.ReadFailed} or {@link LogEvent.Broken} with reason {@code log-behind-replica}.
     */
    void verify(LogIndex applied, long stamp);

    /** Deletes entries up to and including {@code trimmed}, in the background, best effort. Never the newest 100. */
    void collect(LogIndex trimmed);

    /** Ends it; no event arrives after the return. May be called twice. */
    @Override
    void close();
}
