package dev.parley.store.kv;

import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.merkle.Frontier;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.merkle.SetDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The map as the commands of one batch see it. Whatever they write, in any keyspace, counts in the tree of revisions
 * and in the digest of the live state: no command has to think of it.
 */
final class SealingMap implements StateMap, ReadThrough {
    /** Versions read are kept until the revision ends, because most are about to be replaced. */
    private static final int READ_KEPT_MAX = 256;

    private static final int READ_BYTES_MAX = 16 << 10;

    private final StateMap map;
    private final Hasher hasher = new Hasher();
    private final Map<Change, Optional<Version>> read = new HashMap<>();
    private final Map<Change, Optional<Hash>> written = new HashMap<>();
    private long revision;
    private Optional<Frontier> frontier = Optional.empty();
    private SetDigest digest = SetDigest.EMPTY;

    /** @param revision newest one */
    SealingMap(StateMap map, long revision) {
        this.map = map;
        this.revision = revision;
    }

    @Override
    public MapView source() {
        return map;
    }

    private Frontier frontier() {
        return frontier.orElseGet(this::load);
    }

    private Frontier load() {
        Proven before = Proven.in(map, Cells.PROVEN).orElse(Proven.START);
        if (before.revision() != revision) {
            throw new IllegalStateException("the tree is at revision " + before.revision() + ", not at " + revision);
        }
        frontier = Optional.of(before.frontier());
        digest = before.digest();
        return before.frontier();
    }

    @Override
    public void put(Keyspace keyspace, Key key, Version version) {
        frontier();
        Change change = new Change(keyspace, key);
        Optional<Version> former = read.containsKey(change) ? read.get(change) : map.at(keyspace, key, revision);
        former.flatMap(replaced -> LeafCodec.item(hasher, keyspace, key, replaced))
                .ifPresent(item -> digest = digest.minus(item));
        Optional<Hash> item = LeafCodec.item(hasher, keyspace, key, version);
        item.ifPresent(added -> digest = digest.plus(added));
        written.put(change, item);
        map.put(keyspace, key, version);
    }

    @Override
    public void record(RevisionRecord record) {
        Hash leaf = hasher.leaf(LeafCodec.encode(record, this::itemOf).unsafeArray());
        Frontier.Grown grown = frontier().append(hasher, leaf);
        frontier = Optional.of(grown.frontier());
        boolean withDigest = grown.frontier().count() % Seal.REVISIONS_PER_DIGEST == 0;
        Seal seal = new Seal(grown.completed(), withDigest ? Optional.of(digest) : Optional.empty());
        map.record(record.sealed(seal));
        revision = record.revision();
        read.clear();
        written.clear();
    }

    private Optional<Hash> itemOf(Change change) {
        Optional<Hash> item = written.get(change);
        if (item == null) {
            throw new IllegalStateException(change + " is recorded but was not written");
        }
        return item;
    }

    /** Writes down what the next batch goes on from; once for the whole batch. */
    void end() {
        frontier.ifPresent(grown -> map.putCell(Cells.PROVEN, new Proven(revision, grown, digest).encode()));
    }

    @Override
    public void putCell(Bytes name, Bytes content) {
        map.putCell(name, content);
    }

    @Override
    public void removeCell(Bytes name) {
        map.removeCell(name);
    }

    @Override
    public Optional<Version> at(Keyspace keyspace, Key key, long atRevision) {
        Optional<Version> found = map.at(keyspace, key, atRevision);
        boolean small = !(found.orElse(null) instanceof Version.Live live)
                || live.value().size() <= READ_BYTES_MAX;
        if (atRevision == revision && small && read.size() < READ_KEPT_MAX) {
            read.put(new Change(keyspace, key), found);
        }
        return found;
    }
}
