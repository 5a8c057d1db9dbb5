package dev.parley.store.watch;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.RevisionGap;
import dev.parley.store.kv.RevisionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One watcher's place in the history. Everything before {@link #next} was seen and nothing from there on, so that a
 * watcher that goes on elsewhere, from there, misses nothing and sees nothing twice. One thread.
 */
public final class WatchCursor {
    /** Records looked at in one step, so that a step is short. */
    static final int RECORDS_PER_STEP_MAX = 1_024;

    private final Watch watch;
    private long next;

    /** @param from the first revision to be seen; one that does not exist yet is waited for */
    public WatchCursor(Watch watch, long from) {
        this.watch = watch;
        this.next = Math.max(1, from);
    }

    /** What a step came upon. */
    public sealed interface Step {
        /** A revision with all its keys that the watch wants, at least one. The cursor is behind it. */
        record Changed(long revision, List<Key> keys) implements Step {
            public Changed {
                keys = List.copyOf(keys);
            }
        }

        /** Nothing so far, but there are more revisions to look at. */
        record Passed() implements Step {}

        /** Nothing more up to the newest revision. */
        record AtEnd() implements Step {}

        /** The revisions to be seen next are gone; the cursor does not move any more. */
        record Gone(long compactionRevision) implements Step {}
    }

    public Watch watch() {
        return watch;
    }

    /** The first revision that was not looked at. */
    public long next() {
        return next;
    }

    /** Takes somebody's word that nothing up to this revision changed the range. */
    public void skip(long unchangedUpTo) {
        next = Math.max(next, unchangedUpTo + 1);
    }

    /**
     * Goes on to the next revision that the watch wants.
     *
     * @param newest revision of the view; what is above it is not looked at
     */
    public Step step(MapView view, long newest) {
        long compactionRevision = Agreed.compactionRevision(view);
        if (next < compactionRevision) {
            return new Step.Gone(compactionRevision);
        }
        long last = Math.min(newest, next + RECORDS_PER_STEP_MAX - 1);
        while (next <= last) {
            Optional<RevisionRecord> record = view.revision(next);
            if (record.isEmpty()) {
                Optional<RevisionGap> gap = RevisionGap.at(view, next);
                if (gap.isPresent() && next == gap.get().before() + 1) {
                    next = gap.get().next(); // saw all that the restore kept, and so misses nothing
                    return new Step.Passed();
                }
                return new Step.Gone(gap.map(RevisionGap::next).orElse(next + 1));
            }
            List<Key> keys = wanted(view, record.get());
            next++;
            if (!keys.isEmpty()) {
                return new Step.Changed(record.get().revision(), keys);
            }
        }
        return next > newest ? new Step.AtEnd() : new Step.Passed();
    }

    private List<Key> wanted(MapView view, RevisionRecord record) {
        List<Key> keys = new ArrayList<>(1);
        for (RevisionRecord.Change change : record.changes()) {
            if (change.keyspace() == watch.keyspace() && watch.wants(view, change.key(), record.revision())) {
                keys.add(change.key());
            }
        }
        return keys;
    }
}
