package dev.parley.store.kv;

/** The parts of the one multi-version map. A code is written to disk and to the log: never reuse one. */
public enum Keyspace {
    /** Keys of users, under {@code /v1/kv}. */
    KV(1),
    /** Leases; the key is the id in decimal digits. */
    LEASE(2);

    private final byte code;

    Keyspace(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }
}
