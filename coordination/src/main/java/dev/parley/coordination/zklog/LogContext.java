package dev.parley.coordination.zklog;

import dev.parley.store.log.LogEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.ACL;

/** What the parts of one log share. Everything but the constants belongs to the strand. */
final class LogContext {
    private final LogPaths paths;
    private final List<ACL> acl;
    private final LogConfig config;
    private final Strand strand;
    private final SegmentTable segments = new SegmentTable();
    private final Consumer<LogEvent> listener;

    private Optional<Link> link = Optional.empty();
    private boolean hinted;
    private boolean closed;

    LogContext(LogPaths paths, List<ACL> acl, LogConfig config, Consumer<LogEvent> listener) {
        this.paths = paths;
        this.acl = acl;
        this.config = config;
        this.listener = listener;
        this.strand = new Strand(
                thrown -> emit(new LogEvent.Broken("internal-error", "the log's own code failed: " + thrown)));
    }

    LogPaths paths() {
        return paths;
    }

    List<ACL> acl() {
        return acl;
    }

    LogConfig config() {
        return config;
    }

    SegmentTable segments() {
        return segments;
    }

    void run(Runnable task) {
        strand.run(task);
    }

    /** For answers that concern one link only: they are dropped when it is gone. */
    void run(Link of, Runnable task) {
        strand.run(() -> {
            if (isCurrent(of)) {
                task.run();
            }
        });
    }

    boolean isInside() {
        return strand.isInside();
    }

    Optional<Link> link() {
        return link;
    }

    boolean isCurrent(Link candidate) {
        return link.isPresent() && link.get() == candidate;
    }

    void setLink(Optional<Link> link) {
        this.link = link;
    }

    void emit(LogEvent event) {
        if (!closed) {
            listener.accept(event);
        }
    }

    void broken(String problem, String detail) {
        emit(new LogEvent.Broken(problem, detail));
    }

    /** One hint is enough until somebody looks. */
    void hint() {
        if (!hinted) {
            hinted = true;
            emit(new LogEvent.Hint());
        }
    }

    void looked() {
        hinted = false;
    }

    /** A hint given while somebody looked may have been taken for one about what was then not found. */
    void repeatHint() {
        if (hinted) {
            emit(new LogEvent.Hint());
        }
    }

    void close() {
        closed = true;
        link = Optional.empty();
    }

    boolean isClosed() {
        return closed;
    }

    /** What ZooKeeper's result code says about a request that has no effect of its own. */
    static Code code(int rc) {
        Code code = Code.get(rc);
        return code == null ? Code.SYSTEMERROR : code;
    }
}
