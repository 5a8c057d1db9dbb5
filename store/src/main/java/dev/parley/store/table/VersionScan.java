package dev.parley.store.table;

import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Version;
import dev.parley.store.table.Layer.Probe;
import dev.parley.store.table.Layer.VersionEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks the keys of all layers at once, in order or backwards, and finds of each the newest version at or below a
 * revision. A key with a long history costs a search, not a walk through its versions.
 */
final class VersionScan {
    /** So many further versions of a key are stepped over before searching for the next key. */
    private static final int STEPS_MAX = 8;

    private final long revision;
    private final boolean reverse;
    private final List<Cursor> cursors = new ArrayList<>();

    /** @param from encoded, inclusive; {@code to} is exclusive; in this order also when {@code reverse} */
    VersionScan(List<Layer> layers, byte[] from, byte[] to, long revision, boolean reverse) {
        this.revision = revision;
        this.reverse = reverse;
        for (Layer layer : layers) {
            Cursor cursor = new Cursor(layer, from, to);
            if (cursor.entry != null) {
                cursors.add(cursor);
            }
        }
    }

    void run(MapView.Visitor visitor) {
        while (!cursors.isEmpty()) {
            byte[] key = nextKey();
            Optional<Version> newest = Optional.empty();
            for (Iterator<Cursor> newestFirst = cursors.iterator(); newestFirst.hasNext(); ) {
                Cursor cursor = newestFirst.next();
                if (EncodedKeys.sameKey(cursor.key(), key)) {
                    newest = cursor.leaveKey(newest);
                    if (cursor.entry == null) {
                        newestFirst.remove();
                    }
                }
            }
            if (newest.isPresent()
                    && newest.get() instanceof Version.Live live
                    && !visitor.visit(EncodedKeys.keyOf(key), live)) {
                return;
            }
        }
    }

    private byte[] nextKey() {
        byte[] next = cursors.getFirst().key();
        for (int i = 1; i < cursors.size(); i++) {
            byte[] key = cursors.get(i).key();
            int order = Arrays.compareUnsigned(key, next);
            if (reverse ? order > 0 : order < 0) {
                next = key;
            }
        }
        return next;
    }

    /** One layer's place in the scan: at the first entry, in the direction of the scan, of some key. */
    private final class Cursor {
        private final Layer layer;
        private byte[] from;
        private byte[] to;
        private Iterator<VersionEntry> entries;
        private @Nullable VersionEntry entry;

        Cursor(Layer layer, byte[] from, byte[] to) {
            this.layer = layer;
            this.from = from;
            this.to = to;
            this.entries = layer.versions(from, to, reverse);
            step();
        }

        private void step() {
            entry = entries.hasNext() ? entries.next() : null;
        }

        byte[] key() {
            VersionEntry current = entry;
            if (current == null) {
                throw new IllegalStateException("the cursor is at its end");
            }
            return current.key();
        }

        /** Goes on to the next key. @return {@code newer}, or else what this layer holds of the key it leaves */
        Optional<Version> leaveKey(Optional<Version> newer) {
            VersionEntry first = entry;
            if (first == null) {
                return newer;
            }
            step();
            boolean alone = entry == null || !EncodedKeys.sameKey(entry.key(), first.key());
            Optional<Version> found = newer.isPresent() ? newer : find(first, alone);
            leave(first.key());
            return found;
        }

        private Optional<Version> find(VersionEntry first, boolean alone) {
            boolean visible = EncodedKeys.revisionOf(first.key()) <= revision;
            if (visible && (alone || !reverse)) {
                return Optional.of(first.version());
            }
            return alone ? Optional.empty() : layer.version(Probe.of(EncodedKeys.atRevision(first.key(), revision)));
        }

        private void leave(byte[] key) {
            for (int steps = 0; entry != null && EncodedKeys.sameKey(entry.key(), key); steps++) {
                if (steps == STEPS_MAX) {
                    search(key);
                    return;
                }
                step();
            }
        }

        private void search(byte[] left) {
            if (reverse) {
                to = EncodedKeys.beforeKey(left);
            } else {
                from = EncodedKeys.behindKey(left);
            }
            if (Arrays.compareUnsigned(from, to) < 0) {
                entries = layer.versions(from, to, reverse);
                step();
            } else {
                entry = null;
            }
        }
    }
}
