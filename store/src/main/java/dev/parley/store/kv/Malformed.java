package dev.parley.store.kv;

/** Bytes that no encoder of ours can have written. Carries no stack: it is a finding about data, not about code. */
public final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Malformed(String what) {
        super(what, null, false, false);
    }
}
