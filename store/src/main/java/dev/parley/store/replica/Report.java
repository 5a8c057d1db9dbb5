package dev.parley.store.replica;

import dev.parley.store.replica.StateStore.Position;

/**
 * What others may know of a replica; immutable.
 *
 * @param fitForOffice whether this node may lead
 */
record Report(Replica.Status status, boolean fitForOffice) {
    /** @param problem a broken invariant, named; empty when all is well */
    static Report of(
            boolean serving,
            boolean staleReady,
            boolean fitForOffice,
            Position position,
            Household.Standing standing,
            String problem) {
        Replica.Status status = new Replica.Status(
                serving,
                staleReady,
                serving && standing.epoch() != 0,
                standing.epoch(),
                position.applied().value(),
                position.revision(),
                standing.logBytes(),
                standing.trimHeldBy(),
                problem);
        return new Report(status, fitForOffice);
    }
}
