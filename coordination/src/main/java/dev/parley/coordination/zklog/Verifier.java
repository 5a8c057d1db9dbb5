package dev.parley.coordination.zklog;

import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/** Tells whether this still is the log a node's state came from. On the strand. */
final class Verifier {
    private static final long NO_STAMP = 0;

    private final LogContext context;
    private final SegmentLoader loader;

    /** Grows with each question; 0 answers are owed when it equals {@link #answered}. */
    private long question;

    private long answered;

    Verifier(LogContext context, SegmentLoader loader) {
        this.context = context;
        this.loader = loader;
    }

    void verify(long applied, long stamp) {
        question++;
        Optional<Link> link = context.link();
        if (link.isEmpty()) {
            answer(question, new LogEvent.ReadFailed("not connected to ZooKeeper"));
        } else if (applied == 0) {
            answer(question, new LogEvent.Verified());
        } else {
            load(link.get(), question, applied, stamp);
        }
    }

    void disconnected() {
        if (answered < question) {
            answer(question, new LogEvent.ReadFailed("the connection to ZooKeeper broke"));
        }
    }

    private void load(Link link, long asked, long applied, long stamp) {
        loader.load(link, loaded -> {
            switch (loaded) {
                case SegmentLoader.Loaded.Failed failed -> answer(asked, new LogEvent.ReadFailed(failed.why()));
                case SegmentLoader.Loaded.Broken broken ->
                    answer(asked, new LogEvent.Broken(broken.problem(), broken.detail()));
                case SegmentLoader.Loaded.Ready ready -> {
                    Optional<SegmentTable.Place> place = context.segments().locate(applied);
                    if (place.isPresent()) {
                        look(link, asked, place.get(), applied, stamp);
                    } else {
                        missing(asked, applied, stamp, ready.root());
                    }
                }
            }
        });
    }

    private void look(Link link, long asked, SegmentTable.Place place, long applied, long stamp) {
        link.handle()
                .exists(
                        context.paths().entry(place.segment(), place.sequence(applied)),
                        false,
                        (rc, path, ctx, stat) -> context.run(link, () -> looked(link, asked, applied, stamp, rc, stat)),
                        null);
    }

    private void looked(Link link, long asked, long applied, long stamp, int rc, Stat stat) {
        Code code = LogContext.code(rc);
        if (code == Code.OK) {
            answer(
                    asked,
                    stat.getCzxid() == stamp
                            ? new LogEvent.Verified()
                            : behind("entry " + applied + " has the stamp " + stat.getCzxid() + ", this node applied "
                                    + stamp));
        } else if (code == Code.NONODE) {
            // Trimmed while we looked? The root is read after the entry, as it is raised before the deleting.
            link.handle()
                    .getData(
                            context.paths().root(),
                            false,
                            (rootRc, path, ctx, data, rootStat) -> context.run(link, () -> {
                                switch (SegmentLoader.root(context, rootRc, data)) {
                                    case SegmentLoader.Loaded.Failed failed ->
                                        answer(asked, new LogEvent.ReadFailed(failed.why()));
                                    case SegmentLoader.Loaded.Broken broken ->
                                        answer(asked, new LogEvent.Broken(broken.problem(), broken.detail()));
                                    case SegmentLoader.Loaded.Ready ready ->
                                        missing(asked, applied, stamp, ready.root());
                                }
                            }),
                            null);
        } else {
            answer(asked, new LogEvent.ReadFailed("ZooKeeper answered " + code));
        }
    }

    /** A state without a stamp is what a log was founded behind: it only has to begin right there. */
    private void missing(long asked, long applied, long stamp, RootRecord root) {
        if (stamp == NO_STAMP && root.trimmed() == applied) {
            answer(asked, new LogEvent.Verified());
        } else if (root.trimmed() >= applied) {
            answer(asked, new LogEvent.BehindTrim(new LogIndex(root.trimmed())));
        } else {
            answer(
                    asked,
                    behind("entry " + applied + " is not in the log, whose newest segment begins at " + root.base()));
        }
    }

    private static LogEvent behind(String detail) {
        return new LogEvent.Broken("log-behind-replica", detail);
    }

    private void answer(long asked, LogEvent event) {
        if (asked == question && answered < asked) {
            answered = asked;
            context.emit(event);
        }
    }
}
