package dev.parley.store.kv;

import dev.parley.store.kv.Version.Live;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Brings keys back to what they were. A key that has the value and content type it had then is left alone; one that is
 * brought back is in no lease. Reads history, which is all there on every node from the compaction revision on.
 */
final class RestoreCommand {
    private RestoreCommand() {}

    static Outcome restore(BatchRun run, String author, Command.Restore restore) {
        if (restore.revision() > run.revision()) {
            return new Outcome.RevisionAhead(run.revision());
        }
        long compacted = Agreed.compactionRevision(run.map());
        if (restore.revision() < compacted) {
            return new Outcome.RevisionGone(compacted);
        }
        return new Progress(run, restore).restore(author);
    }

    private static final class Progress {
        private final BatchRun run;
        private final Command.Restore restore;
        private final Draft draft;
        private long restored;
        private long deleted;
        private long valueBytes;

        Progress(BatchRun run, Command.Restore restore) {
            this.run = run;
            this.restore = restore;
            this.draft = new Draft(run);
        }

        Outcome restore(String author) {
            TreeSet<Key> keys = new TreeSet<>();
            Optional<Bytes> next = collect(keys, restore.revision());
            Optional<Bytes> alsoNext = collect(keys, run.revision());
            if (next.isEmpty() || alsoNext.isPresent() && alsoNext.get().compareTo(next.get()) < 0) {
                next = alsoNext;
            }
            for (Key key : keys) {
                if (next.isPresent() && key.bytes().compareTo(next.get()) >= 0) {
                    break; // there may be keys before it that were not collected
                }
                if (isFull()) {
                    next = Optional.of(key.bytes());
                    break;
                }
                bringBack(key);
            }
            return new Outcome.Restored(draft.commit(author), restored, deleted, next);
        }

        /** Adds the first keys that are live at the revision. @return what begins behind them, if there are more */
        private Optional<Bytes> collect(TreeSet<Key> keys, long revision) {
            List<Key> found = new ArrayList<>();
            if (!restore.range().isEmpty()) {
                run.map().scan(Keyspace.KV, restore.range(), revision, false, (key, live) -> {
                    found.add(key);
                    return found.size() <= Limits.KEYS_PER_RESTORE_MAX;
                });
            }
            keys.addAll(found);
            if (found.size() <= Limits.KEYS_PER_RESTORE_MAX) {
                return Optional.empty();
            }
            byte[] last = found.getLast().bytes().unsafeArray();
            return Optional.of(Bytes.wrap(Arrays.copyOf(last, last.length + 1)));
        }

        private boolean isFull() {
            return restored + deleted == Limits.KEYS_PER_COMMAND_MAX
                    || valueBytes >= Limits.VALUE_BYTES_PER_RESTORE_MAX;
        }

        private void bringBack(Key key) {
            Optional<Live> then = run.map().liveAt(Keyspace.KV, key, restore.revision());
            Optional<Live> now = draft.live(key);
            if (then.isEmpty()) {
                draft.delete(key);
                deleted++;
            } else if (now.isEmpty() || differ(then.get(), now.get())) {
                draft.put(key, then.get().value(), then.get().contentType(), LeaseId.NONE);
                restored++;
                valueBytes += then.get().value().size();
            }
        }

        private static boolean differ(Live then, Live now) {
            return !then.value().equals(now.value()) || !then.contentType().equals(now.contentType());
        }
    }
}
