package dev.parley.coordination.gossip;

/** How connections to other nodes are made. */
public interface Transport {
    /**
     * Connects, within a few seconds.
     *
     * @param receiver told what comes back on this connection, one call at a time, on any thread
     * @throws LinkFailure when there is no connection
     */
    Wire connect(PeerAddress peer, Lane lane, Receiver receiver);

    /** One connection that this node opened. */
    interface Wire extends AutoCloseable {
        /**
         * Returns when the message is handed to the network. One thread at a time.
         *
         * @throws LinkFailure when the connection is broken, or takes nothing for too long
         */
        void send(byte[] message);

        /** At once, also while somebody sends. Any thread; may be called twice. */
        @Override
        void close();
    }

    /** Who reads a connection. */
    interface Receiver {
        void received(byte[] message);

        /** Nothing more will come. Perhaps called twice. */
        void closed();
    }

    /** A connection could not be made, or is broken. */
    final class LinkFailure extends RuntimeException {
        private static final long serialVersionUID = 1;

        public LinkFailure(String why) {
            super(why, null, false, false);
        }
    }
}
