package dev.parley.store.kv;

import java.time.Duration;

/** Bounds that are part of the agreement: the same on all nodes, and changed only with the format level. */
public final class Limits {
    public static final int VALUE_BYTES_MAX = 1_000_000;
    public static final int KEYS_PER_COMMAND_MAX = 10_000;
    public static final int OPERATIONS_PER_TRANSACTION_MAX = 128;
    public static final int RANGE_ITEMS_MAX = 1_000;

    /** What the reads of one transaction may return together; more is {@link Outcome.AnswerTooLarge}. */
    public static final int TRANSACTION_ANSWER_BYTES_MAX = 4 << 20;

    /** What an answer remembered under an Idempotency-Key may measure; more is {@link Outcome.AnswerTooLarge}. */
    public static final int REMEMBERED_ANSWER_BYTES_MAX = 256 << 10;

    public static final int REMEMBERED_ANSWERS_MAX = 100_000;
    public static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);
    public static final Duration LEASE_TTL_MIN = Duration.ofSeconds(1);
    public static final Duration LEASE_TTL_MAX = Duration.ofHours(24);

    /** How far a batch's own clock may lead the leader's last tick. */
    public static final Duration CLOCK_LEAD_MAX = Duration.ofSeconds(10);

    /** Newest entries that are never trimmed. */
    public static final int ENTRIES_KEPT_MIN = 100;

    private Limits() {}
}
