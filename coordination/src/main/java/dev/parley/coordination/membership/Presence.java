package dev.parley.coordination.membership;

import dev.parley.coordination.ensemble.EnsembleConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.zookeeper.CreateMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces this process as long as its session lives, and shows who else is there. What is shown lags: a killed node
 * stays until its session times out.
 *
 * <p>Any thread. The listener is called on Curator's threads and must not block.
 */
public final class Presence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
    private static final String PATH = "/members";

    private final Member self;
    private final String parent;
    private final PersistentNode node;
    private final CuratorCache cache;
    private final Consumer<List<Member>> onChange;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Presence(EnsembleConnection connection, Member self, Consumer<List<Member>> onChange) {
        this.self = self;
        this.onChange = onChange;
        this.parent = connection.path(PATH);
        // A path per incarnation: the recipe adopts an existing znode without asking whose it is.
        this.node = new PersistentNode(
                connection.curator(), CreateMode.EPHEMERAL, false, parent + "/" + self.incarnation(), self.encode());
        this.cache = CuratorCache.build(connection.curator(), parent);
    }

    /**
     * Starts announcing and watching; returns at once.
     *
     * @param onChange told everybody present, this process included, whenever that may have changed
     */
    public static Presence open(EnsembleConnection connection, Member self, Consumer<List<Member>> onChange) {
        Presence presence = new Presence(connection, self, onChange);
        presence.cache.listenable().addListener((type, before, after) -> presence.tell());
        presence.node.start();
        presence.cache.start();
        return presence;
    }

    /** Who is there as far as known, by node and incarnation. */
    public List<Member> present() {
        return cache.stream()
                .map(this::memberAt)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Member::node)
                        .thenComparing(member -> member.incarnation().toString()))
                .toList();
    }

    private void tell() {
        if (!closed.get()) {
            onChange.accept(present());
        }
    }

    private Optional<Member> memberAt(ChildData child) {
        if (!child.getPath().startsWith(parent + "/")) {
            return Optional.empty();
        }
        return Member.decode(child.getPath().substring(parent.length() + 1), child.getData());
    }

    /** Says that this process leaves on purpose; {@link #close} then ends the announcement. */
    public void leave() {
        try {
            node.setData(self.asLeaving().encode());
        } catch (Exception failure) {
            // Only the reason is lost: the others see it go all the same.
            LOG.info("event=leaving_not_announced reason=\"{}\"", failure.getMessage());
        }
    }

    /** Withdraws the announcement. May be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            cache.close();
            try {
                node.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
