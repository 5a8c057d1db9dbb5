package dev.parley.store.watch;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Version;
import java.util.Optional;

/** What somebody wants to see: the changes of a range, of all kinds or of one. */
public record Watch(Keyspace keyspace, KeyRange range, Filter filter) {
    /** Of the keys of users. */
    public Watch(KeyRange range, Filter filter) {
        this(Keyspace.KV, range, filter);
    }

    public enum Filter {
        ALL,
        PUTS,
        DELETES
    }

    /** Whether the change of the key at this revision is to be seen. */
    boolean wants(MapView view, Key key, long revision) {
        if (!range.contains(key)) {
            return false;
        }
        return switch (filter) {
            case ALL -> true;
            case PUTS -> versionOf(view, keyspace, key, revision) instanceof Version.Live;
            case DELETES -> versionOf(view, keyspace, key, revision) instanceof Version.Tombstone;
        };
    }

    /** What the revision, which changed the key, made of it. */
    public static Version versionOf(MapView view, Keyspace keyspace, Key key, long revision) {
        return view.at(keyspace, key, revision)
                .filter(version -> version.modRevision() == revision)
                .orElseThrow(() -> new IllegalStateException("revision " + revision + " did not write " + key));
    }

    /** What the key was before the revision; empty when it was not, or when its history begins here. */
    public static Optional<Version.Live> previous(MapView view, Keyspace keyspace, Key key, long revision) {
        return revision <= Agreed.compactionRevision(view)
                ? Optional.empty()
                : view.liveAt(keyspace, key, revision - 1);
    }
}
