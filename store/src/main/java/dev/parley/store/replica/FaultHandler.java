package dev.parley.store.replica;

/** Where a broken invariant goes: in production it halts the process, in a test it fails it. Any thread. */
@FunctionalInterface
public interface FaultHandler {
    /** The node can no longer be trusted; nothing of it is used after this call. */
    void fault(String invariant, Throwable cause);
}
