package dev.parley.store.kv;

/** About locks, semaphores, elections and what they guard. */
public sealed interface LockCommand extends Command.ClientCommand {
    /**
     * Asks for permits of a lock. An exclusive lock and an election take all of them.
     *
     * @param lease not {@link LeaseChoice.None}: what nobody keeps alive would be held for ever
     * @param limit permits there are; all who use the lock must name the same
     * @param value of a candidate, empty otherwise
     * @param queue whether to wait when it is held
     */
    record Acquire(LockName lock, String owner, LeaseChoice lease, int permits, int limit, Bytes value, boolean queue)
            implements LockCommand {
        public Acquire {
            Bounds.owner(owner);
            Bounds.permits(permits, limit);
            Bounds.size("value", value, Limits.CANDIDATE_VALUE_BYTES_MAX);
            if (lease instanceof LeaseChoice.None) {
                throw new IllegalArgumentException("a lock needs a lease");
            }
        }
    }

    /**
     * Ends the wait of one request.
     *
     * @param ask which request; one that took over its place is not touched
     * @param release also when it was granted in the meantime, because nobody is there any more to take it
     */
    record GiveUp(LockName lock, long lease, String owner, long ask, boolean release) implements LockCommand {
        public GiveUp {
            Bounds.owner(owner);
        }
    }

    /** Lets go what was granted with this token; those who wait get it. */
    record Release(LockName lock, long token) implements LockCommand {}

    /** Changes what the leader of an election says of itself. */
    record SetCandidateValue(LockName lock, long token, Bytes value) implements LockCommand {
        public SetCandidateValue {
            Bounds.size("value", value, Limits.CANDIDATE_VALUE_BYTES_MAX);
        }
    }

    /** From now on writes below {@code prefix} need a fence of this lock. */
    record PutGuard(String lock, String id, Bytes prefix) implements LockCommand {
        public PutGuard {
            Bounds.name(lock);
            Bounds.name(id);
            Bounds.size("prefix", prefix, Key.SIZE_BYTES_MAX);
        }
    }

    record DeleteGuard(String lock, String id) implements LockCommand {
        public DeleteGuard {
            Bounds.name(lock);
            Bounds.name(id);
        }
    }
}
