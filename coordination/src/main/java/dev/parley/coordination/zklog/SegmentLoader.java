package dev.parley.coordination.zklog;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;

/** Fills the table of segments from ZooKeeper. On the strand. */
final class SegmentLoader {
    private final LogContext context;

    SegmentLoader(LogContext context) {
        this.context = context;
    }

    sealed interface Loaded {
        record Ready(RootRecord root) implements Loaded {}

        /** Nothing is known; ask again when connected. */
        record Failed(String why) implements Loaded {}

        record Broken(String problem, String detail) implements Loaded {}
    }

    /** Reads every segment's base, and the root last; {@code onLoaded} is not called when the link is gone by then. */
    void load(Link link, Consumer<Loaded> onLoaded) {
        link.handle()
                .getChildren(
                        context.paths().root(),
                        false,
                        (rc, path, ctx, children) -> context.run(link, () -> {
                            Code code = LogContext.code(rc);
                            if (code == Code.OK) {
                                loadBases(link, children);
                            }
                            loadRoot(link, onLoaded);
                        }),
                        null);
    }

    private void loadBases(Link link, List<String> children) {
        for (String child : children) {
            OptionalLong segment = LogPaths.segmentOf(child);
            if (segment.isEmpty()
                    || context.segments().baseOf(segment.getAsLong()).isPresent()) {
                continue;
            }
            link.handle()
                    .getData(
                            context.paths().segment(segment.getAsLong()),
                            false,
                            (rc, path, ctx, data, stat) -> context.run(link, () -> {
                                if (rc == Code.OK.intValue()) {
                                    SegmentRecord.decode(data).ifPresent(record -> context.segments()
                                            .learn(segment.getAsLong(), record.base()));
                                }
                            }),
                            null);
        }
    }

    private void loadRoot(Link link, Consumer<Loaded> onLoaded) {
        link.handle()
                .getData(
                        context.paths().root(),
                        false,
                        (rc, path, ctx, data, stat) ->
                                context.run(link, () -> onLoaded.accept(root(context, rc, data))),
                        null);
    }

    static Loaded root(LogContext context, int rc, byte[] data) {
        Code code = LogContext.code(rc);
        if (code == Code.NONODE) {
            return new Loaded.Broken(
                    "log-behind-replica", "there is no log " + context.paths().log());
        }
        if (code == Code.NOAUTH) {
            return new Loaded.Broken("no-access", "the ensemble refuses this cluster's secret");
        }
        if (code != Code.OK) {
            return new Loaded.Failed("ZooKeeper answered " + code);
        }
        Optional<RootRecord> root = RootRecord.decode(data);
        if (root.isEmpty()) {
            return new Loaded.Broken("bad-root", context.paths().root() + " does not hold a root record");
        }
        return new Loaded.Ready(root.get());
    }
}
