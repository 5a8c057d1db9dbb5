package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A published state. Must not be closed while another thread still reads from it. */
final class TableView implements StateView {
    private final Position position;
    private final Layers layers;
    private final LayeredMap map;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over a hold on {@code layers}. */
    TableView(Position position, Layers layers) {
        this.position = position;
        this.layers = layers;
        this.map = new LayeredMap(layers.all(), position.revision());
    }

    @Override
    public Position position() {
        return position;
    }

    private LayeredMap open() {
        if (closed.get()) {
            throw new IllegalStateException("the view is closed");
        }
        return map;
    }

    @Override
    public Optional<Version> at(Keyspace keyspace, Key key, long revision) {
        return open().at(keyspace, key, revision);
    }

    @Override
    public void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        open().scan(keyspace, range, revision, reverse, visitor);
    }

    @Override
    public Optional<RevisionRecord> revision(long revision) {
        return open().revision(revision);
    }

    @Override
    public Optional<Bytes> cell(Bytes name) {
        return open().cell(name);
    }

    @Override
    public void cells(Bytes prefix, CellVisitor visitor) {
        open().cells(prefix, visitor);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            layers.release();
        }
    }
}
