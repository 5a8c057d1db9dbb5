package dev.parley.store.kv;

import java.util.List;
import java.util.UUID;

/** What one entry of the log says. */
public sealed interface LogEntry {
    /** Begins a writer; the index of this entry is its id. {@code nonce} lets the writer know its own. */
    record Open(UUID nonce, String node) implements LogEntry {
        public Open {
            Bounds.node(node);
        }
    }

    /**
     * The {@code number}th batch of a writer, from 1. Immutable once numbered: a re-sent one has the same bytes.
     * Empty batches serve as read barriers.
     *
     * @param atMillis the writer's wall clock in Unix milliseconds; clamped at apply
     */
    record Batch(long writer, long number, long atMillis, List<Submission> submissions) implements LogEntry {
        public Batch {
            submissions = Bounds.list("submissions", submissions, Limits.SUBMISSIONS_PER_BATCH_MAX);
        }
    }
}
