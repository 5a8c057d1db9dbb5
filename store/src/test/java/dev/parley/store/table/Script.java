package dev.parley.store.table;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.StateMap;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A log of random entries. What entry n does depends on the seed, on n and on the map it is applied to, as with real
 * ones; so applying the rest to what was recovered shows every byte that was lost or came too early.
 */
record Script(long seed, int keys, int valueBytesMax, boolean compacting) {
    static final Bytes REVISION_CELL = Bytes.utf8("revision");

    Script(long seed, int keys, int valueBytesMax) {
        this(seed, keys, valueBytesMax, false);
    }

    /** @return the position after the entry */
    Position apply(StateMap map, long entry) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + entry);
        long revision = revision(map);
        for (int commands = random.nextInt(4); commands > 0; commands--) {
            revision++;
            changeKeys(map, random, revision);
        }
        changeCells(map, random, entry);
        if (compacting && random.nextInt(6) == 0 && revision > 0) {
            long former = Agreed.compactionRevision(map);
            putCompaction(map, former + random.nextLong(revision - former + 1));
        }
        map.putCell(REVISION_CELL, Bytes.utf8(Long.toString(revision)));
        return new Position(new LogIndex(entry), stamp(entry), revision);
    }

    static void putCompaction(StateMap map, long revision) {
        map.putCell(
                Bytes.utf8("compacted"),
                Bytes.wrap(ByteBuffer.allocate(8).putLong(revision).array()));
    }

    static long stamp(long entry) {
        return entry * 7;
    }

    static long revision(StateMap map) {
        return map.cell(REVISION_CELL).map(text -> Long.parseLong(text.utf8())).orElse(0L);
    }

    private void changeKeys(StateMap map, SplittableRandom random, long revision) {
        List<Change> changes = new ArrayList<>();
        for (int operations = 1 + random.nextInt(3); operations > 0; operations--) {
            Keyspace keyspace = random.nextInt(5) == 0 ? Keyspace.LEASE : Keyspace.KV;
            Key key = key(random.nextInt(keys));
            map.put(keyspace, key, version(map.at(keyspace, key, revision), revision, random));
            changes.add(new Change(keyspace, key));
        }
        map.record(new RevisionRecord(revision, revision * 10, "n1", "me", changes));
    }

    private Version version(Optional<Version> before, long revision, SplittableRandom random) {
        return switch (before.orElseGet(() -> new Version.Tombstone(0))) {
            case Version.Live live when random.nextInt(4) == 0 -> new Version.Tombstone(revision);
            case Version.Live live ->
                new Version.Live(live.createRevision(), revision, live.version() + 1, 0, "text/plain", value(random));
            case Version.Tombstone gone -> new Version.Live(revision, revision, 1, revision, "", value(random));
        };
    }

    private Bytes value(SplittableRandom random) {
        byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(valueBytesMax) : random.nextInt(40)];
        random.nextBytes(value);
        return Bytes.wrap(value);
    }

    private void changeCells(StateMap map, SplittableRandom random, long entry) {
        Bytes name = Bytes.utf8("cell/" + random.nextInt(keys));
        if (random.nextInt(3) == 0) {
            map.removeCell(name);
        } else {
            map.putCell(name, Bytes.utf8("of entry " + entry));
        }
    }

    /** Some are prefixes of others, and some hold bytes next to the one that ends a key. */
    static Key key(int number) {
        return switch (number % 4) {
            case 0 -> Key.of("k" + number);
            case 1 -> Key.of("k" + number + "/\u0001");
            case 2 -> Key.of("k" + number / 10);
            default -> Key.of("ä/" + number + "\uffff");
        };
    }
}
