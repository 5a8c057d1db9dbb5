package dev.parley.store.kv;

import dev.parley.store.kv.Version.Live;
import java.util.SortedMap;

/** A scan of the map that shows drafted versions in place of those in the map, in key order. */
final class OverlaidScan {
    private final SortedMap<Key, Version> drafted;
    private final MapView.Visitor visitor;
    private boolean wanted = true;

    /** @param drafted only keys of the range scanned; used up by the scan */
    OverlaidScan(SortedMap<Key, Version> drafted, MapView.Visitor visitor) {
        this.drafted = drafted;
        this.visitor = visitor;
    }

    void over(BatchRun run, KeyRange range) {
        run.map().scan(Keyspace.KV, range, run.revision(), false, (key, stored) -> {
            visitDraftedBefore(key);
            Version replacement = drafted.remove(key);
            visit(key, replacement == null ? stored : replacement);
            return wanted;
        });
        while (wanted && !drafted.isEmpty()) {
            visitFirstDrafted();
        }
    }

    private void visitDraftedBefore(Key key) {
        while (wanted && !drafted.isEmpty() && drafted.firstKey().compareTo(key) < 0) {
            visitFirstDrafted();
        }
    }

    private void visitFirstDrafted() {
        Key key = drafted.firstKey();
        visit(key, drafted.remove(key));
    }

    private void visit(Key key, Version version) {
        if (wanted && version instanceof Live live) {
            wanted = visitor.visit(key, live);
        }
    }
}
