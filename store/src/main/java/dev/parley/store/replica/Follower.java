package dev.parley.store.replica;

import dev.parley.store.log.ReplicatedLog;
import dev.parley.store.replica.StateStore.Position;

/**
 * Asks the log for what comes next. Hints are permits to ask, not facts: many are one, and none is needed, because the
 * owner also permits a question after each connection, after each append of its own and periodically.
 */
final class Follower {
    private enum Asked {
        NOTHING,
        ENTRIES,
        /** Entries, but of a session that ended: the answer says nothing about this one's log. */
        ENTRIES_IN_VAIN,
        VERIFICATION
    }

    private final ReplicatedLog log;
    private Asked asked = Asked.NOTHING;
    private boolean permitted;
    /** An entry known to be there; asked for without a permit until it is applied. */
    private long known;

    Follower(ReplicatedLog log) {
        this.log = log;
    }

    private boolean isIdle() {
        return asked == Asked.NOTHING;
    }

    void permit() {
        permitted = true;
    }

    /** The log said that this entry is stored. */
    void stored(long index) {
        known = Math.max(known, index);
    }

    /** Asks for the next entries if some are known to be there, or somebody permitted a look since the last one. */
    void ask(Position position) {
        if ((permitted || position.applied().value() < known) && isIdle()) {
            permitted = false;
            asked = Asked.ENTRIES;
            log.read(position.applied().next());
        }
    }

    /** Asks whether the entry applied last is still the one in the log, if somebody permitted a question. */
    void verify(Position position) {
        if (permitted && isIdle()) {
            permitted = false;
            asked = Asked.VERIFICATION;
            log.verify(position.applied(), position.stamp());
        }
    }

    /** The server asked could not show what is known to be there: to ask on at once would be in vain. */
    void discouraged() {
        known = 0;
    }

    /** What is being asked was asked in a session that is over. */
    void sessionEnded() {
        if (asked == Asked.ENTRIES || asked == Asked.VERIFICATION) {
            asked = Asked.ENTRIES_IN_VAIN;
        }
    }

    /**
     * An answer arrived.
     *
     * @return false when it belongs to an ended session and must be thrown away
     */
    boolean answered() {
        boolean valid = asked != Asked.ENTRIES_IN_VAIN;
        asked = Asked.NOTHING;
        return valid;
    }
}
