package dev.parley.store.replica;

/**
 * Where a node stands in a session with the log.
 *
 * <pre>
 *   Away --connected--> Entering --own append answered--> Verifying --verified--> CatchingUp --index reached--> Present
 *                          ^                                                                                      |
 *                          +------------------------------ new session, from any state ---------------------------+
 *                          |
 *                          +--installed-- Behind <--next entry trimmed-- Verifying, CatchingUp, Present
 * </pre>
 *
 * Only after an append of its own was answered does a session show everything acknowledged before, so only then may the
 * node compare its last entry with the log's, and only when it has applied that append does it serve.
 */
sealed interface Presence {
    long session();

    /** No session was seen yet. */
    record Away() implements Presence {
        @Override
        public long session() {
            return 0;
        }
    }

    /** @param ticket of the first append of this session; {@link #UNSENT} when it is still, or again, to be sent */
    record Entering(long session, long ticket) implements Presence {
        static final long UNSENT = 0;

        boolean isUnsent() {
            return ticket == UNSENT;
        }

        Verifying answeredAt(long index) {
            return new Verifying(session, index);
        }
    }

    record Verifying(long session, long until) implements Presence {
        CatchingUp verified() {
            return new CatchingUp(session, until);
        }
    }

    record CatchingUp(long session, long until) implements Presence {
        Present reached() {
            return new Present(session);
        }
    }

    record Present(long session) implements Presence {}

    /** The log does not have the next entry any more: the node waits for a snapshot, over sessions. */
    record Behind(long session) implements Presence {
        Entering installed() {
            return new Entering(session, Entering.UNSENT);
        }
    }
}
