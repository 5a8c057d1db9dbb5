package dev.parley.coordination.zklog;

import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.coordination.ensemble.SessionListener;
import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import dev.parley.store.log.ReplicatedLog;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * The log on ZooKeeper: one znode per entry. See the package for where they lie.
 *
 * <p>Events are delivered on ZooKeeper's event thread or on that of the caller of a method, one at a time; the listener
 * must only hand them over.
 */
public final class ZooKeeperLog implements ReplicatedLog {
    private static final long CLOSE_MILLIS_MAX = 5_000;

    private final EnsembleConnection connection;
    private final LogContext context;
    private final Appender appender;
    private final EntryReader reader;
    private final Verifier verifier;
    private final Collector collector;
    private final SessionListener sessions = new Sessions();

    /** The handle that has the watch; it renews it by itself when it reconnects. On the strand. */
    private @Nullable ZooKeeper watching;

    private ZooKeeperLog(EnsembleConnection connection, UUID id, LogConfig config, Consumer<LogEvent> listener) {
        this.connection = connection;
        this.context = new LogContext(new LogPaths(connection.path("/log"), id), connection.acl(), config, listener);
        SegmentLoader loader = new SegmentLoader(context);
        this.reader = new EntryReader(context, loader);
        this.appender = new Appender(context, reader::exists);
        this.verifier = new Verifier(context, loader);
        this.collector = new Collector(context.paths());
    }

    /**
     * Opens a log that {@link LogFormation} found or founded. Does not wait for the ensemble.
     *
     * @param listener told everything; see {@link LogEvent}
     */
    public static ZooKeeperLog open(
            EnsembleConnection connection, UUID id, LogConfig config, Consumer<LogEvent> listener) {
        ZooKeeperLog log = new ZooKeeperLog(connection, id, config, listener);
        connection.addListener(log.sessions);
        return log;
    }

    @Override
    public UUID id() {
        return context.paths().log();
    }

    @Override
    public void append(long ticket, Bytes entry) {
        context.run(() -> appender.append(ticket, entry));
    }

    @Override
    public int entryBytesMax() {
        return context.config().entryBytesMax();
    }

    @Override
    public void read(LogIndex next) {
        context.run(() -> {
            context.looked();
            reader.read(next.value());
        });
    }

    @Override
    public void verify(LogIndex applied, long stamp) {
        context.run(() -> verifier.verify(applied.value(), stamp));
    }

    @Override
    public void collect(LogIndex trimmed) {
        collector.collect(trimmed.value());
    }

    @Override
    public void close() {
        connection.removeListener(sessions);
        collector.close();
        CountDownLatch done = new CountDownLatch(1);
        context.run(() -> {
            context.link().ifPresent(this::unwatch);
            context.close();
            done.countDown();
        });
        if (context.isInside()) {
            return; // called by the listener itself; it will not be called again
        }
        try {
            done.await(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Sessions implements SessionListener {
        @Override
        public void connected(ZooKeeper handle, long session) {
            context.run(() -> onConnected(new Link(handle, session)));
        }

        @Override
        public void disconnected() {
            context.run(ZooKeeperLog.this::onDisconnected);
        }
    }

    private void onConnected(Link link) {
        if (context.isClosed()) {
            return;
        }
        context.setLink(Optional.of(link));
        if (watching != link.handle()) {
            watch(link);
        }
        appender.connected(link);
        collector.connected(link);
    }

    private void onDisconnected() {
        if (context.link().isEmpty()) {
            return;
        }
        context.setLink(Optional.empty());
        appender.disconnected();
        reader.disconnected();
        verifier.disconnected();
        collector.disconnected();
        context.emit(new LogEvent.Suspended());
    }

    private void watch(Link link) {
        link.handle()
                .addWatch(
                        context.paths().root(),
                        (Watcher) event -> context.run(() -> onWatch(event)),
                        AddWatchMode.PERSISTENT_RECURSIVE,
                        (rc, path, ctx) -> context.run(link, () -> {
                            if (rc == Code.OK.intValue()) {
                                watching = link.handle();
                            }
                        }),
                        null);
    }

    private void unwatch(Link link) {
        if (watching == link.handle()) {
            link.handle()
                    .removeAllWatches(
                            context.paths().root(), Watcher.WatcherType.Any, true, (rc, path, ctx) -> {}, null);
        }
    }

    /** Only a hint: watches are lost while disconnected. What it names is used to save a question. */
    private void onWatch(WatchedEvent event) {
        if (event.getPath() == null || context.isClosed()) {
            return;
        }
        switch (event.getType()) {
            case NodeCreated -> {
                OptionalLong index = indexOf(event.getPath());
                if (index.isPresent()) {
                    reader.exists(index.getAsLong());
                }
                context.hint();
            }
            case NodeDataChanged -> {
                if (event.getPath().equals(context.paths().root())) {
                    appender.rootChanged();
                }
            }
            default -> {} // deletes are garbage collection
        }
    }

    private OptionalLong indexOf(String path) {
        OptionalLong segment = context.paths().segmentOfEntry(path);
        if (segment.isEmpty() || LogPaths.sequenceOf(path).isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong base = context.segments().baseOf(segment.getAsLong());
        return base.isEmpty()
                ? base
                : OptionalLong.of(base.getAsLong() + LogPaths.sequenceOf(path).getAsInt());
    }
}
