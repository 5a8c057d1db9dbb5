package dev.parley.http.api;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.StateView;
import java.util.Optional;

/** A state being read, at one revision. Closed by the one who opened it. */
final class OpenRead implements AutoCloseable {
    private final StateView view;
    private final long ageMillis;
    private final boolean stale;
    private final long revision;

    OpenRead(StateView view, long ageMillis, boolean stale) {
        this(view, ageMillis, stale, view.position().revision());
    }

    private OpenRead(StateView view, long ageMillis, boolean stale, long revision) {
        this.view = view;
        this.ageMillis = ageMillis;
        this.stale = stale;
        this.revision = revision;
    }

    /** The same state at an earlier revision. Closing either closes both. */
    OpenRead at(long earlier) {
        return new OpenRead(view, ageMillis, stale, earlier);
    }

    long revision() {
        return revision;
    }

    Optional<Version.Live> get(Key key) {
        return get(Keyspace.KV, key);
    }

    Optional<Version.Live> get(Keyspace keyspace, Key key) {
        return view.liveAt(keyspace, key, revision);
    }

    void scan(KeyRange range, boolean reverse, MapView.Visitor visitor) {
        scan(Keyspace.KV, range, reverse, visitor);
    }

    void scan(Keyspace keyspace, KeyRange range, boolean reverse, MapView.Visitor visitor) {
        if (!range.isEmpty()) {
            view.scan(keyspace, range, revision, reverse, visitor);
        }
    }

    StateView view() {
        return view;
    }

    /** Says which state the answer reflects, and how current that was. */
    Answer mark(Answer answer) {
        return markLevel(answer.revision(revision));
    }

    /** As {@link #mark(Answer)}, for an answer of which only another one knows the revision. */
    Answer markLevel(Answer answer) {
        if (!stale) {
            return answer.header("Parley-Consistency", "linearizable");
        }
        return answer.header("Parley-Consistency", "stale").header("Age", ageMillis / 1_000);
    }

    Problem mark(Problem problem) {
        Problem marked = problem.header(Answer.REVISION, revision);
        if (!stale) {
            return marked.withHeader("Parley-Consistency", "linearizable");
        }
        return marked.withHeader("Parley-Consistency", "stale").header("Age", ageMillis / 1_000);
    }

    @Override
    public void close() {
        view.close();
    }
}
