package dev.parley.store.log;

import dev.parley.store.kv.Bytes;
import java.util.List;

/** What a {@link ReplicatedLog} has to say. */
public sealed interface LogEvent {
    /**
     * Connected. Every append sent before was answered already, so the pipeline is empty.
     *
     * @param session grows with every new session; the same number again is a reconnect of the same session
     */
    record Connected(long session) implements LogEvent {}

    /** Not connected. Appends in flight are answered {@link AppendLost}; new ones are too until connected again. */
    record Suspended() implements LogEvent {}

    /** Stored at {@code index}, durable in a quorum. */
    record Appended(long ticket, LogIndex index) implements LogEvent {}

    /** Nobody knows: it may be in the log, may still come, or never. */
    record AppendLost(long ticket) implements LogEvent {}

    /** This send definitely stored nothing; the segment was sealed under it. The same entry may be sent again. */
    record AppendRefused(long ticket) implements LogEvent {}

    /** Consecutive entries from the index asked for; never empty. A hint follows when more are known to be there. */
    record Entries(List<StoredEntry> entries) implements LogEvent {}

    /** There is no entry at {@code next} yet. */
    record EndReached(LogIndex next) implements LogEvent {}

    /** Entries up to {@code trimmed} are gone: only a snapshot helps. */
    record BehindTrim(LogIndex trimmed) implements LogEvent {}

    /** The log could not be read now, nothing is known; ask again when connected. */
    record ReadFailed(String why) implements LogEvent {}

    /** The entry applied last is still there, unchanged. */
    record Verified() implements LogEvent {}

    /** Something may have been appended: look. Also lost and repeated at will. */
    record Hint() implements LogEvent {}

    /** An invariant of the log is broken; the node must stop serving and say so. */
    record Broken(String problem, String detail) implements LogEvent {}

    /**
     * An entry as stored.
     *
     * @param stamp names this very creation of it: another log's entry at the same index has another stamp
     */
    record StoredEntry(LogIndex index, long stamp, Bytes content) {}
}
