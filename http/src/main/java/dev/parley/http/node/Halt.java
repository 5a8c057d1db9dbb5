package dev.parley.http.node;

import dev.parley.store.replica.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one door by which a broken invariant leaves: a line in the log, and the process ends where it stands. */
final class Halt implements FaultHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Halt.class);

    /** Told apart from every other end of the process. */
    static final int EXIT_CODE = 70;

    @Override
    public void fault(String invariant, Throwable cause) {
        LOG.atError().setCause(cause).addKeyValue("invariant", invariant).log("halting");
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
