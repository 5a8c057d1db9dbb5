package dev.parley.coordination.zklog;

import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent.StoredEntry;
import dev.parley.store.log.LogIndex;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** Several consecutive entries asked for at once, of one segment. On the strand. */
final class Window {
    private final SegmentTable.Place place;
    private final long start;
    private final @Nullable StoredEntry[] entries;
    private int unanswered;
    private Code failure = Code.OK;

    Window(SegmentTable.Place place, long start, int count) {
        this.place = place;
        this.start = start;
        this.entries = new StoredEntry[count];
        this.unanswered = count;
    }

    /** Asks; {@code onComplete} runs on the strand when all answers are there. */
    void request(LogContext context, Link link, Runnable onComplete) {
        for (int slot = 0; slot < entries.length; slot++) {
            int of = slot;
            String path = context.paths().entry(place.segment(), place.sequence(start + slot));
            link.handle()
                    .getData(
                            path,
                            false,
                            (rc, asked, ctx, data, stat) -> context.run(() -> {
                                answered(of, rc, data, stat);
                                if (isComplete()) {
                                    onComplete.run();
                                }
                            }),
                            null);
        }
    }

    private void answered(int slot, int rc, byte[] data, Stat stat) {
        unanswered--;
        Code code = LogContext.code(rc);
        if (code == Code.OK) {
            entries[slot] = new StoredEntry(new LogIndex(start + slot), stat.getCzxid(), Bytes.wrap(data));
        } else if (code != Code.NONODE) {
            failure = code;
        }
    }

    SegmentTable.Place place() {
        return place;
    }

    long start() {
        return start;
    }

    boolean isComplete() {
        return unanswered == 0;
    }

    /** Other than "no such entry"; OK when there was none. */
    Code failure() {
        return failure;
    }

    /** The entries from the start up to the first that was not there. */
    List<StoredEntry> prefix() {
        List<StoredEntry> prefix = new ArrayList<>(entries.length);
        for (StoredEntry entry : entries) {
            if (entry == null) {
                break;
            }
            prefix.add(entry);
        }
        return prefix;
    }
}
