package dev.parley.http.node;

import dev.parley.coordination.gossip.PeerAddress;
import dev.parley.store.kv.Members;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells who is registered: at first as of the last run, then as the tables say. Has a thread of its own. */
final class MemberWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final MemberFile file;
    private final Replica replica;
    private final Consumer<List<PeerAddress>> told;
    private final Pause pause = new Pause();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("member-watch").unstarted(this::run);
    private List<PeerAddress> known;

    MemberWatch(MemberFile file, Replica replica, Consumer<List<PeerAddress>> told) {
        this.file = file;
        this.replica = replica;
        this.told = told;
        this.known = file.read();
    }

    void start() {
        told.accept(known);
        thread.start();
    }

    private void run() {
        do {
            registered().filter(now -> !now.equals(known)).ifPresent(this::changed);
        } while (pause.of(LOOK_EVERY));
    }

    private void changed(List<PeerAddress> now) {
        known = now;
        told.accept(now);
        try {
            file.write(now);
        } catch (java.io.UncheckedIOException failure) {
            // Only the next start without ZooKeeper would miss it.
            LOG.atWarn().setCause(failure).log("the list of members could not be written");
        }
    }

    /** Empty while the tables cannot be read, or know nobody. A stale read would have a barrier appended, once a second for ever. */
    private Optional<List<PeerAddress>> registered() {
        return replica.view().map(MemberWatch::members).filter(members -> !members.isEmpty());
    }

    private static List<PeerAddress> members(StateView newest) {
        try (newest) {
            return Members.all(newest).stream()
                    .map(member -> new PeerAddress(member.node(), member.url()))
                    .toList();
        }
    }

    @Override
    public void close() {
        pause.end();
    }
}
