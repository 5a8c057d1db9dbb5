package dev.parley.http.node;

import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.coordination.zklog.LogFormation;
import dev.parley.coordination.zklog.LogFormation.Formed;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * A log that the tables are bound to already, but that perhaps nobody has founded yet: an operator restored a backup, or
 * gave up a log that has fewer entries than the tables. Kept in the identity directory until it is founded, once.
 *
 * @param replaces whether it takes the place of the log in use; otherwise there must be none
 */
record NewLog(UUID log, boolean replaces) {
    private static final String FOUND = "found ";
    private static final String REPLACE = "replace ";

    static Optional<NewLog> in(Identity identity) {
        return identity.newLog()
                .map(text -> text.startsWith(REPLACE)
                        ? new NewLog(UUID.fromString(text.substring(REPLACE.length())), true)
                        : new NewLog(UUID.fromString(text.substring(FOUND.length())), false));
    }

    void writeTo(Identity identity) {
        identity.rememberNewLog((replaces ? REPLACE : FOUND) + log);
    }

    /** Whether the tables brought their state with them and follow nobody. */
    boolean bringsData() {
        return !replaces;
    }

    /** @throws StartFailure when the tables are not the ones that were bound to it */
    void checkTables(StateStore store, DataDirectory directory) {
        if (!store.log().equals(Optional.of(log))) {
            throw new StartFailure("the restore into " + directory.path()
                    + " was not finished; delete that directory and restore the backup again");
        }
    }

    Formed form(EnsembleConnection connection, LogIndex applied, BooleanSupplier everyPeerIsFresh) {
        return replaces
                ? LogFormation.refound(connection, log, applied)
                : LogFormation.foundBehind(connection, log, applied, everyPeerIsFresh);
    }
}
