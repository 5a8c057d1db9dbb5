package dev.parley.store.kv;

/** A lease is named by the revision that granted it, so ids grow and are never used twice. */
public final class LeaseId {
    /** No lease: the key stands by itself. */
    public static final long NONE = 0;

    private LeaseId() {}
}
