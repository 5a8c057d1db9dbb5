package dev.parley.store.kv;

import java.time.Duration;

/** Bounds that are part of the agreement: the same on all nodes, and changed only with the format level. */
public final class Limits {
    public static final int VALUE_BYTES_MAX = 1_000_000;
    public static final int KEYS_PER_COMMAND_MAX = 10_000;
    public static final int OPERATIONS_PER_TRANSACTION_MAX = 128;
    /** Keys that one {@link Command.Restore} compares, and bytes of values that it brings back, before it stops. */
    public static final int KEYS_PER_RESTORE_MAX = 20_000;

    public static final int VALUE_BYTES_PER_RESTORE_MAX = 16 << 20;
    public static final int RANGE_ITEMS_MAX = 1_000;

    public static final int COMPARISONS_PER_TRANSACTION_MAX = 128;

    /** Content types, authors, names, addresses, Idempotency-Keys: as UTF-8. */
    public static final int TEXT_BYTES_MAX = 8 << 10;

    /** Start or end of a range; may be longer than a key can be. */
    public static final int RANGE_BOUND_BYTES_MAX = 8 << 10;

    /** Revisions in one {@code If-Match} or {@code If-None-Match}. */
    public static final int TAGS_PER_CONDITION_MAX = 4_096;

    public static final int FENCES_PER_COMMAND_MAX = 16;
    public static final int FINGERPRINT_BYTES_MAX = 64;
    public static final int SUBMISSIONS_PER_BATCH_MAX = 1 << 16;

    /** What the reads of one transaction may return together; more is {@link Outcome.AnswerTooLarge}. */
    public static final int TRANSACTION_ANSWER_BYTES_MAX = 4 << 20;

    /** What an answer remembered under an Idempotency-Key may measure; more is {@link Outcome.AnswerTooLarge}. */
    public static final int REMEMBERED_ANSWER_BYTES_MAX = 256 << 10;

    public static final int REMEMBERED_ANSWERS_MAX = 100_000;

    /** All remembered answers together; the oldest go first. */
    public static final int REMEMBERED_ANSWERS_BYTES_MAX = 64 << 20;

    public static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);
    public static final Duration LEASE_TTL_MIN = Duration.ofSeconds(1);
    public static final Duration LEASE_TTL_MAX = Duration.ofHours(24);

    public static final int LEASES_MAX = 1_000_000;
    public static final int KEYS_PER_LEASE_MAX = 10_000;

    /** Permits of a semaphore, and so holders of a shared lock. */
    public static final int PERMITS_MAX = 1_000;

    public static final int WAITERS_PER_LOCK_MAX = 1_000;

    /** Locks and the like that one lease holds or waits for. */
    public static final int CLAIMS_PER_LEASE_MAX = 1_000;

    /** Holders, and waiters, named in a refusal. */
    public static final int CLAIMS_TOLD_MAX = 100;

    public static final int OWNER_CHARS_MAX = 128;
    public static final int CANDIDATE_VALUE_BYTES_MAX = 4 << 10;
    public static final int GUARDS_MAX = 1_000;

    public static final int CHANGES_PER_PROPOSAL_MAX = 1_000;
    public static final int PROPOSALS_PENDING_MAX = 10_000;

    /** Proposals remembered; the oldest that is decided goes first. */
    public static final int PROPOSALS_KEPT_MAX = 1_000;

    public static final int SCHEMAS_MAX = 1_000;

    /** Reports of clients about the configuration; the oldest goes first. */
    public static final int CONFIG_ACKS_MAX = 10_000;

    /** Leases in one {@link Command.CheckpointLeases}. */
    public static final int LEASES_PER_CHECKPOINT_MAX = 10_000;

    /** Lamport stamps of ledgers end here, so that a JSON number holds each. */
    public static final long STAMP_MAX = (1L << 53) - 1;

    /** Content of an entry of a ledger: a value, a key, an author and metadata. */
    public static final int LEDGER_ENTRY_BYTES_MAX = VALUE_BYTES_MAX + Key.SIZE_BYTES_MAX + 2 * TEXT_BYTES_MAX + 64;

    public static final int HOOKS_MAX = 100;
    public static final int HOOK_URL_CHARS_MAX = 2_048;
    public static final int HOOK_PRIORITY_MAX = 1_000;
    public static final int LABELS_MAX = 64;
    public static final int CLUSTER_EVENTS_MAX = 1_000;
    public static final int MEMBERS_MAX = 1_000;

    /** Open writers; one more ends the oldest. */
    public static final int WRITERS_MAX = 1_000;

    public static final int PROCESSES_MAX = 10_000;
    public static final int ARGUMENTS_BYTES_MAX = 64 << 10;
    public static final int RESTARTS_MAX = 1_000;
    public static final long PROCESS_MILLIS_MAX = Duration.ofHours(1).toMillis();
    public static final int TAGS_MAX = 32;
    public static final int METADATA_MAX = 64;
    public static final int HANDED_OVER_BYTES_MAX = 256 << 10;
    public static final int RECORDS_PER_PROCESS_MAX = 1_000;
    public static final int RECORD_ID_BYTES_MAX = 512;

    /** How far a batch's own clock may lead the leader's last tick. */
    public static final Duration CLOCK_LEAD_MAX = Duration.ofSeconds(10);

    /** How much older a tick makes what is remembered; so a leader ticks at least this often. */
    public static final Duration AGE_PER_TICK_MAX = Duration.ofSeconds(10);

    /** Newest entries that are never trimmed. */
    public static final int ENTRIES_KEPT_MIN = 100;

    private Limits() {}
}
