package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.Version;
import dev.parley.store.table.Layer.CellState;
import dev.parley.store.table.Layer.Probe;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the map from its layers, newest first, and nothing above a revision. The layers are held by the caller. */
final class LayeredMap implements MapView {
    private final List<Layer> layers;
    private final long revisionMax;

    LayeredMap(List<Layer> layers, long revisionMax) {
        this.layers = layers;
        this.revisionMax = revisionMax;
    }

    @Override
    public Optional<Version> at(Keyspace keyspace, Key key, long revision) {
        Probe probe = Probe.of(EncodedKeys.version(keyspace, key, Math.min(revision, revisionMax)));
        for (Layer layer : layers) {
            Optional<Version> found = layer.version(probe);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    @Override
    public void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        byte[] from = EncodedKeys.versionBound(keyspace, range.start());
        byte[] to = range.end()
                .map(end -> EncodedKeys.versionBound(keyspace, end))
                .orElseGet(() -> EncodedKeys.endOfKeyspace(keyspace));
        if (Arrays.compareUnsigned(from, to) < 0) {
            new VersionScan(layers, from, to, Math.min(revision, revisionMax), reverse).run(visitor);
        }
    }

    @Override
    public Optional<RevisionRecord> revision(long revision) {
        if (revision > revisionMax) {
            return Optional.empty();
        }
        for (Layer layer : layers) {
            Optional<RevisionRecord> found = layer.record(revision);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Bytes> cell(Bytes name) {
        Probe probe = Probe.of(EncodedKeys.cell(name));
        for (Layer layer : layers) {
            Optional<CellState> found = layer.cell(probe);
            if (found.isPresent()) {
                return switch (found.get()) {
                    case CellState.Present present -> Optional.of(present.content());
                    case CellState.Removed removed -> Optional.empty();
                };
            }
        }
        return Optional.empty();
    }

    @Override
    public void cells(Bytes prefix, CellVisitor visitor) {
        byte[] from = EncodedKeys.cell(prefix);
        new CellScan(layers, from, EncodedKeys.endOfPrefix(from)).run(visitor);
    }
}
