package dev.parley.consistency.history;

import dev.parley.consistency.json.Json;

/**
 * One line of a history: the beginning or the completion of an operation, or a fault.
 *
 * @param position place among the events, from 0; the order of positions is the order of real time
 * @param line line of the file it came from, from 1
 * @param process the logical client, or {@link #NEMESIS}
 * @param f name of the operation
 * @param key what the operation is about; empty when the history has one object only
 * @param value the argument or the result
 * @param timeNanos nanoseconds since the beginning of the run, for plots only; -1 when unknown
 * @param fields everything on the line, also what this record has no place for
 */
public record Event(
        int position,
        int line,
        String process,
        Type type,
        String f,
        String key,
        Json value,
        long timeNanos,
        Json.Obj fields) {

    /** The process of fault events. */
    public static final String NEMESIS = "nemesis";

    /** What an event says. */
    public enum Type {
        INVOKE,
        /** It happened. */
        OK,
        /** It definitely did not happen. */
        FAIL,
        /** It may take effect at any time from its beginning on, or never. */
        INFO
    }

    public boolean isFault() {
        return process.equals(NEMESIS);
    }
}
