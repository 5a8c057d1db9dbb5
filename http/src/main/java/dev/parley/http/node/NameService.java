package dev.parley.http.node;

import java.security.Security;

/** How this process finds addresses by name. */
public final class NameService {
    private static final String STALE_SECONDS = "networkaddress.cache.stale.ttl";

    /** A week, which is the most that Java takes. */
    private static final String WEEK = "604800";

    private NameService() {}

    /**
     * From now on a name that cannot be looked up, because the name service fails, stands for the address it had last: a failure
     * there must not take the others from a node that has them. Java reads this once, so it comes before the first look-up.
     */
    public static void keepLastAnswers() {
        Security.setProperty(STALE_SECONDS, WEEK);
    }
}
