package dev.parley.store.watch;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.Version;
import java.util.Optional;
import java.util.function.Predicate;

/** The versions of a key, as far as the history reaches. Any thread the view allows. */
public final class KeyHistory {
    private KeyHistory() {}

    /** A version of the key, and the revision that made it. */
    public record Entry(Version version, RevisionRecord record) {}

    /**
     * Visits the versions that were made before revision {@code before}, newest first, until the visitor says false. Ends
     * at the compaction revision: a version from before it may be readable still, but who made it is forgotten.
     */
    public static void visit(MapView view, Key key, long before, Predicate<Entry> visitor) {
        long oldest = Math.max(1, Agreed.compactionRevision(view));
        long at = before - 1;
        while (at >= oldest) {
            Optional<Version> version = view.at(Keyspace.KV, key, at);
            if (version.isEmpty() || version.get().modRevision() < oldest) {
                return;
            }
            long revision = version.get().modRevision();
            RevisionRecord record = view.revision(revision)
                    .orElseThrow(() -> new IllegalStateException("there is no record of revision " + revision));
            if (!visitor.test(new Entry(version.get(), record))) {
                return;
            }
            at = revision - 1;
        }
    }
}
