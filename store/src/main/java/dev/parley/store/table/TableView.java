package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.DamagedTables;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/** A published state. Must not be closed while another thread still reads from it. */
final class TableView implements StateView {
    private final Position position;
    private final Layers layers;
    private final LayeredMap map;
    private final Consumer<String> damaged;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Takes over a hold on {@code layers}.
     *
     * @param damaged told of what does not verify
     */
    TableView(Position position, Layers layers, Consumer<String> damaged) {
        this.position = position;
        this.layers = layers;
        this.damaged = damaged;
        this.map = new LayeredMap(layers.all(), position.revision());
    }

    @Override
    public Position position() {
        return position;
    }

    private <T> T read(Function<LayeredMap, T> reading) {
        if (closed.get()) {
            throw new IllegalStateException("the view is closed");
        }
        try {
            return reading.apply(map);
        } catch (DamagedTables damage) {
            damaged.accept(damage.getMessage());
            throw damage;
        }
    }

    @Override
    public Optional<Version> at(Keyspace keyspace, Key key, long revision) {
        return read(tables -> tables.at(keyspace, key, revision));
    }

    @Override
    public void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        read(tables -> {
            tables.scan(keyspace, range, revision, reverse, visitor);
            return true;
        });
    }

    @Override
    public Optional<RevisionRecord> revision(long revision) {
        return read(tables -> tables.revision(revision));
    }

    @Override
    public Optional<Bytes> cell(Bytes name) {
        return read(tables -> tables.cell(name));
    }

    @Override
    public void cells(Bytes prefix, CellVisitor visitor) {
        read(tables -> {
            tables.cells(prefix, visitor);
            return true;
        });
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            layers.release();
        }
    }
}
