package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.TreeStateMap;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A state made by hand. */
record FixedView(TreeStateMap map) implements StateView {
    /** Puts of one key with revisions of 1 to {@code newest}, the history of which begins at {@code compacted}. */
    static FixedView ofPuts(String key, long newest, long compacted) {
        TreeStateMap map = new TreeStateMap();
        for (long revision = 1; revision <= newest; revision++) {
            Bytes value = Bytes.utf8("v" + revision);
            map.put(Keyspace.KV, Key.of(key), new Version.Live(1, revision, revision, 0, "text/plain", value));
            RevisionRecord.Change change = new RevisionRecord.Change(Keyspace.KV, Key.of(key));
            map.record(new RevisionRecord(revision, 1_000 * revision, "n1", "", List.of(change)));
        }
        map.putCell(
                Bytes.utf8("compacted"),
                Bytes.wrap(ByteBuffer.allocate(8).putLong(compacted).array()));
        return new FixedView(map);
    }

    @Override
    public Position position() {
        return new Position(new LogIndex(map.newest()), 0, map.newest());
    }

    @Override
    public Optional<Version> at(Keyspace keyspace, Key key, long revision) {
        return map.at(keyspace, key, revision);
    }

    @Override
    public void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        map.scan(keyspace, range, revision, reverse, visitor);
    }

    @Override
    public Optional<RevisionRecord> revision(long revision) {
        return map.revision(revision);
    }

    @Override
    public Optional<Bytes> cell(Bytes name) {
        return map.cell(name);
    }

    @Override
    public void cells(Bytes prefix, CellVisitor visitor) {
        map.cells(prefix, visitor);
    }

    @Override
    public void close() {}
}
