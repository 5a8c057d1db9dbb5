package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Asks two maps the same and expects the same answers, as far back as the expected one was not compacted. That a key was
 * deleted below the compaction revision one of them may have forgotten.
 */
final class Compare {
    private Compare() {}

    static void everything(MapView expected, MapView actual, long revision, Script script, String what) {
        for (Keyspace keyspace : Keyspace.values()) {
            for (boolean reverse : new boolean[] {false, true}) {
                assertEquals(
                        scan(expected, keyspace, KeyRange.ALL, revision, reverse, Integer.MAX_VALUE),
                        scan(actual, keyspace, KeyRange.ALL, revision, reverse, Integer.MAX_VALUE),
                        what);
            }
            for (int number = 0; number < script.keys(); number++) {
                Key key = Script.key(number);
                assertEquals(
                        at(expected, expected, keyspace, key, revision),
                        at(expected, actual, keyspace, key, revision),
                        what);
            }
        }
        for (long each = Agreed.compactionRevision(expected); each <= revision + 1; each++) {
            assertEquals(expected.revision(each), actual.revision(each), what);
        }
        cells(expected, actual, script, what);
    }

    static void cells(MapView expected, MapView actual, Script script, String what) {
        assertEquals(cells(expected, ""), cells(actual, ""), what);
        assertEquals(cells(expected, "cell/1"), cells(actual, "cell/1"), what);
        for (int number = 0; number < script.keys(); number++) {
            Bytes name = Bytes.utf8("cell/" + number);
            assertEquals(expected.cell(name), actual.cell(name), what);
        }
    }

    static void someReads(
            MapView expected, MapView actual, long revisionMax, Script script, SplittableRandom random, String what) {
        for (int reads = 0; reads < 20; reads++) {
            long revision = random.nextLong(Agreed.compactionRevision(expected), revisionMax + 1);
            Keyspace keyspace = random.nextBoolean() ? Keyspace.KV : Keyspace.LEASE;
            Key key = Script.key(random.nextInt(script.keys()));
            assertEquals(
                    at(expected, expected, keyspace, key, revision),
                    at(expected, actual, keyspace, key, revision),
                    what);
            KeyRange range = range(script, random);
            boolean reverse = random.nextBoolean();
            int limit = 1 + random.nextInt(20);
            assertEquals(
                    scan(expected, keyspace, range, revision, reverse, limit),
                    scan(actual, keyspace, range, revision, reverse, limit),
                    what + " " + range + " at " + revision);
            assertEquals(expected.revision(revision), actual.revision(revision), what);
        }
    }

    private static Optional<Version> at(MapView expected, MapView asked, Keyspace keyspace, Key key, long revision) {
        long compacted = Agreed.compactionRevision(expected);
        return asked.at(keyspace, key, revision)
                .filter(found -> found instanceof Version.Live || found.modRevision() >= compacted);
    }

    private static KeyRange range(Script script, SplittableRandom random) {
        Bytes one = Script.key(random.nextInt(script.keys())).bytes();
        Bytes other = Script.key(random.nextInt(script.keys())).bytes();
        return switch (random.nextInt(5)) {
            case 0 -> KeyRange.single(new Key(one));
            case 1 -> KeyRange.prefix(Bytes.utf8("k1"));
            case 2 -> new KeyRange(one, Optional.empty());
            case 3 -> new KeyRange(KeyRange.single(new Key(one)).end().orElseThrow(), Optional.of(other));
            default -> new KeyRange(one, Optional.of(other));
        };
    }

    record Found(Key key, Version.Live version) {
        /** Short, because values are noise. */
        @Override
        public String toString() {
            return key + "@" + version.modRevision();
        }
    }

    static List<Found> scan(MapView map, Keyspace keyspace, KeyRange range, long revision, boolean reverse, int limit) {
        List<Found> found = new ArrayList<>();
        map.scan(keyspace, range, revision, reverse, (key, version) -> {
            found.add(new Found(key, version));
            return found.size() < limit;
        });
        return found;
    }

    private static List<String> cells(MapView map, String prefix) {
        List<String> found = new ArrayList<>();
        map.cells(Bytes.utf8(prefix), (name, content) -> found.add(name + "=" + content));
        return found;
    }
}
