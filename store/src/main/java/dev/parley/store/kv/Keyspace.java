package dev.parley.store.kv;

/** The parts of the one multi-version map. A code is written to disk and to the log: never reuse one. */
public enum Keyspace {
    /** Keys of users, under {@code /v1/kv}. */
    KV(1),
    /** Leases; the key is the id in decimal digits. */
    LEASE(2),
    /** Configuration, under {@code /v1/config}; the value is a {@link ConfigEntry}. */
    CONFIG(3),
    /** Grants of locks, semaphores and elections, see {@link LockName#grantKey}. */
    LOCK(4),
    /** Entries of ledgers, see {@link Ledgers}. */
    LEDGER(5),
    /** Processes and their placements, see {@link Processes}. */
    PROCESS(6),
    /** Guards; the key is the lock's name, a slash and the guard's id. */
    GUARD(8),
    /** JSON Schemas of the configuration; the key is a prefix of paths. */
    CONFIG_SCHEMA(7),
    /** Proposals to change the configuration, and how they ended; see {@link Proposal#keyOf}. */
    PROPOSAL(9),
    /** Who is told of events, see {@link Hooks}. */
    HOOK(11),
    /** What clients say of the configuration they run, see {@link ConfigAck}. */
    CONFIG_ACK(14),
    /** Messages of chat rooms. Not agreed on: they are in tables of their own, beside those of the agreed state. */
    CHAT(15),
    /** What processes wrote down for themselves, see {@link Processes}. */
    RECORD(13);

    private final byte code;

    Keyspace(int code) {
        this.code = (byte) code;
    }

    /** @throws Malformed when no keyspace has this code */
    public static Keyspace ofCode(int code) {
        return switch (code) {
            case 1 -> KV;
            case 2 -> LEASE;
            case 3 -> CONFIG;
            case 4 -> LOCK;
            case 5 -> LEDGER;
            case 6 -> PROCESS;
            case 7 -> CONFIG_SCHEMA;
            case 9 -> PROPOSAL;
            case 8 -> GUARD;
            case 11 -> HOOK;
            case 14 -> CONFIG_ACK;
            case 15 -> CHAT;
            case 13 -> RECORD;
            default -> throw new Malformed("no keyspace has code " + code);
        };
    }

    public byte code() {
        return code;
    }
}
