package dev.parley.store.log;

/** What the network does to a {@link FakeLog}: every question is asked once per message, in a fixed order. */
public interface Weather {
    /** How long a message travels. */
    long delayNanos();

    /** Whether a message in flight when the connection breaks is lost; otherwise it arrives late. */
    boolean losesMessageInFlight();

    /** How much later a message arrives that outlived its connection. */
    long lateNanos();

    boolean dropsHint();

    /** Whether the server that is asked for entries lags behind what its client has not seen yet. */
    boolean serverLags();

    /** Entries per answer, at least 1. */
    int entriesPerRead();

    /** Nothing is lost and nothing takes time. */
    Weather FAIR = new Weather() {
        @Override
        public long delayNanos() {
            return 0;
        }

        @Override
        public boolean losesMessageInFlight() {
            return false;
        }

        @Override
        public long lateNanos() {
            return 0;
        }

        @Override
        public boolean dropsHint() {
            return false;
        }

        @Override
        public boolean serverLags() {
            return false;
        }

        @Override
        public int entriesPerRead() {
            return 64;
        }
    };
}
