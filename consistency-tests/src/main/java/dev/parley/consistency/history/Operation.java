package dev.parley.consistency.history;

import dev.parley.consistency.json.Json;

/**
 * An invocation and its completion.
 *
 * @param id place among the operations, in the order of their first event
 * @param input the argument of the invocation
 * @param output the result; meaningful only when the outcome is {@link Outcome#OK}
 * @param invoked position of the invocation, or {@link #UNKNOWN_START} when the history has only the completion
 * @param completed position of the completion, or {@link #NEVER} when the operation may still take effect
 * @param result everything on the completing line; empty when there is none
 */
public record Operation(
        int id,
        String process,
        String f,
        String key,
        Json input,
        Outcome outcome,
        Json output,
        int invoked,
        int completed,
        int invokedLine,
        int completedLine,
        long invokedNanos,
        long completedNanos,
        Json.Obj result) {

    /** The invocation is not in the history; it may have been at any time before the completion. */
    public static final int UNKNOWN_START = -1;

    /** The operation stays open to the end of time. */
    public static final int NEVER = Integer.MAX_VALUE;

    /** What is known of an operation. */
    public enum Outcome {
        /** It happened. */
        OK,
        /** It did not happen. */
        FAILED,
        /** It may have happened. */
        UNKNOWN
    }

    public boolean ok() {
        return outcome == Outcome.OK;
    }

    public boolean failed() {
        return outcome == Outcome.FAILED;
    }

    public boolean unknown() {
        return outcome == Outcome.UNKNOWN;
    }

    /** The line by which a reader finds the operation: its completion, or else its invocation. */
    public int line() {
        return completedLine > 0 ? completedLine : invokedLine;
    }
}
