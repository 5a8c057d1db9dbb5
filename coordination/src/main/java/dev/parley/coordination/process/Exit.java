package dev.parley.coordination.process;

/** How an instance ended by itself, or by being stopped. */
public sealed interface Exit {
    /** It had no more to do, or was asked to end. */
    record Finished() implements Exit {}

    /** @param reason for people: an exit status, a signal, an exception */
    record Failed(String reason) implements Exit {}
}
