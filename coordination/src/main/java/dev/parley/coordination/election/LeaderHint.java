package dev.parley.coordination.election;

import dev.parley.coordination.ensemble.EnsembleConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;

/**
 * Tells one node of the cluster, most of the time, that it should lead. Two may be told so at once, after a pause for
 * example, so being told only entitles to ask the log for the office. The hint ends as soon as the connection does, and
 * comes anew, if at all, after it is back, also in the same session.
 *
 * <p>Any thread. {@link Campaign} is called on Curator's threads, one call at a time, alternating between true and false
 * and beginning with true.
 */
public final class LeaderHint implements AutoCloseable {
    private static final String PATH = "/election/leader";

    private final EnsembleConnection connection;
    private final String node;
    private final Campaign campaign;
    private final Object lock = new Object();

    // Guarded by lock.
    private Optional<LeaderLatch> latch = Optional.empty();
    private boolean closed;

    /** Who wants to know. Must not block. */
    @FunctionalInterface
    public interface Campaign {
        /** @param wanted whether this node should lead now */
        void campaign(boolean wanted);
    }

    private LeaderHint(EnsembleConnection connection, String node, Campaign campaign) {
        this.connection = connection;
        this.node = node;
        this.campaign = campaign;
    }

    /** Does not take part yet: {@link #stand} does. */
    public static LeaderHint open(EnsembleConnection connection, String node, Campaign campaign) {
        return new LeaderHint(connection, node, campaign);
    }

    /** Takes part, behind all who do already. Without effect while it does. */
    public void stand() {
        synchronized (lock) {
            if (closed || latch.isPresent()) {
                return;
            }
            LeaderLatch entered = new LeaderLatch(
                    connection.curator(), connection.path(PATH), node, LeaderLatch.CloseMode.NOTIFY_LEADER);
            entered.addListener(new LeaderLatchListener() {
                @Override
                public void isLeader() {
                    campaign.campaign(true);
                }

                @Override
                public void notLeader() {
                    campaign.campaign(false);
                }
            });
            latch = Optional.of(entered);
            try {
                entered.start();
            } catch (Exception failure) {
                throw new IllegalStateException("the leader latch does not start", failure);
            }
        }
    }

    /** Stops taking part; another node is told next. {@link #stand} begins again, at the end of the line. */
    public void resign() {
        Optional<LeaderLatch> left;
        synchronized (lock) {
            left = latch;
            latch = Optional.empty();
        }
        try {
            if (left.isPresent()) {
                left.get().close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether this node is taking part. */
    public boolean isStanding() {
        synchronized (lock) {
            return latch.isPresent();
        }
    }

    /** As {@link #resign}, for good. May be called twice. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        resign();
    }
}
