package dev.parley.store.kv;

import java.util.List;

/**
 * The one place where entries become state. Total and deterministic: live traffic, restart and a fresh copy all run
 * this code. Everything it knows is in the map (see {@link Cells}), so there is nothing else to recover.
 */
public final class StateMachine {
    private StateMachine() {}

    /** What the node must know of an applied entry. */
    public sealed interface Applied {
        /** A writer began. */
        record Opened(long writer, LogEntry.Open open) implements Applied {}

        /** In the order of the batch's submissions; {@code revision} is the store revision after each. */
        record Batch(long writer, long number, List<Answer> answers) implements Applied {}

        /** Applied before; nothing changed. */
        record Duplicate(long writer, long number) implements Applied {}

        /** Batches before it are missing; nothing changed. The writer sends again from {@code expected}. */
        record Gap(long writer, long number, long expected) implements Applied {}

        /** The writer was closed or never opened; nothing changed and nothing of it ever will. */
        record UnknownWriter(long writer, long number) implements Applied {}
    }

    /** @param revision of the store after the command */
    public record Answer(Outcome outcome, long revision) {}

    /** Applies the entry at {@code index}; {@code entryBytes} is what it takes in the log. */
    public static Applied apply(StateMap map, long index, int entryBytes, LogEntry entry) {
        throw new UnsupportedOperationException();
    }
}
