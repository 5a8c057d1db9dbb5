package dev.parley.http.api;

import java.util.Optional;
import java.util.UUID;

/** What another node may copy of this one's tables. Any thread. */
public interface SnapshotOffers {
    /**
     * @param id names it in what follows
     * @param applied index of the last entry that is in it
     * @param manifest which names the files
     */
    record Offer(String id, long applied, byte[] manifest) {}

    /** What became of the wish for an offer. */
    sealed interface Offered {
        record Made(Offer offer) implements Offered {}

        /** Not now; for people. */
        record Not(String why) implements Offered {}
    }

    /**
     * Offers the newest state on disk. May take some seconds. The files stay until the offer is released, or not used for
     * half a minute.
     *
     * @param log it must come from
     * @param above its last entry must be behind this one
     */
    Offered offer(UUID log, long above);

    /** Up to {@code bytesMax} bytes of a file; fewer only at its end. Empty when there is no such offer or file. */
    Optional<byte[]> read(String offer, String file, long from, int bytesMax);

    /** Does nothing when there is no such offer. */
    void release(String offer);

    static SnapshotOffers none() {
        return new SnapshotOffers() {
            @Override
            public Offered offer(UUID log, long above) {
                return new Offered.Not("this node has none");
            }

            @Override
            public Optional<byte[]> read(String offer, String file, long from, int bytesMax) {
                return Optional.empty();
            }

            @Override
            public void release(String offer) {}
        };
    }
}
