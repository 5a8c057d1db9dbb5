package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import java.util.Arrays;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

final class EncodedKeysTest {
    private static final String[] KEYS = {"\u0001", "a", "a\u0001", "a\u0001b", "aa", "ab", "b", "ä", "\uffff"};
    private static final long[] REVISIONS = {0, 1, 255, 256, 1L << 33, Long.MAX_VALUE};

    private record Place(String key, long revision) {}

    @Test
    void versionsAreInOrderOfTheirKeysAndTheNewestComesFirst() {
        Comparator<Place> byDefinition = Comparator.comparing((Place place) -> Key.of(place.key))
                .thenComparing(Place::revision, Comparator.reverseOrder());
        for (Place one : places()) {
            for (Place other : places()) {
                assertEquals(
                        Integer.signum(byDefinition.compare(one, other)),
                        Integer.signum(Arrays.compareUnsigned(encode(one), encode(other))),
                        one + " and " + other);
            }
        }
    }

    private static Place[] places() {
        return Arrays.stream(KEYS)
                .flatMap(key -> Arrays.stream(REVISIONS).mapToObj(revision -> new Place(key, revision)))
                .toArray(Place[]::new);
    }

    private static byte[] encode(Place place) {
        return EncodedKeys.version(Keyspace.KV, Key.of(place.key), place.revision);
    }

    @Test
    void aVersionKeyGivesBackWhatItWasMadeOf() {
        for (Place place : places()) {
            assertEquals(Key.of(place.key), EncodedKeys.keyOf(encode(place)));
            assertEquals(place.revision, EncodedKeys.revisionOf(encode(place)));
        }
        assertEquals(77, EncodedKeys.recordedRevision(EncodedKeys.revision(77)));
        assertEquals(Bytes.utf8("c"), EncodedKeys.cellName(EncodedKeys.cell(Bytes.utf8("c"))));
    }

    @Test
    void aBoundPartsKeysAsTheirOwnOrderDoes() {
        byte[][] bounds = {{}, {'a'}, {'a', 0}, {'a', 0, 'z'}, {'a', 0, 0}, {'a', 1}, {0}, {'b'}, {(byte) 0xFF}};
        for (byte[] bound : bounds) {
            for (Place place : places()) {
                boolean below = Key.of(place.key).bytes().compareTo(Bytes.copyOf(bound)) < 0;
                byte[] encodedBound = EncodedKeys.versionBound(Keyspace.KV, Bytes.copyOf(bound));
                assertEquals(
                        below,
                        Arrays.compareUnsigned(encode(place), encodedBound) < 0,
                        place + " and " + Arrays.toString(bound));
            }
        }
    }

    @Test
    void allVersionsOfAKeyAndNoOthersAreBetweenItsTwoEdges() {
        for (Place edge : places()) {
            byte[] before = EncodedKeys.beforeKey(encode(edge));
            byte[] behind = EncodedKeys.behindKey(encode(edge));
            for (Place place : places()) {
                boolean between = Arrays.compareUnsigned(encode(place), before) >= 0
                        && Arrays.compareUnsigned(encode(place), behind) < 0;
                assertEquals(place.key.equals(edge.key), between, place + " and " + edge);
            }
        }
    }

    @Test
    void theFamiliesAndKeyspacesDoNotMix() {
        byte[] lastOfKv = EncodedKeys.version(Keyspace.KV, Key.of("\uffff"), 0);
        assertTrue(Arrays.compareUnsigned(lastOfKv, EncodedKeys.endOfKeyspace(Keyspace.KV)) < 0);
        byte[] firstLease = EncodedKeys.version(Keyspace.LEASE, Key.of("\u0001"), Long.MAX_VALUE);
        assertTrue(Arrays.compareUnsigned(firstLease, EncodedKeys.endOfKeyspace(Keyspace.KV)) >= 0);
        assertTrue(Arrays.compareUnsigned(firstLease, EncodedKeys.revision(0)) < 0);
        assertTrue(Arrays.compareUnsigned(EncodedKeys.revision(Long.MAX_VALUE), EncodedKeys.cell(Bytes.EMPTY)) < 0);
    }

    @Test
    void thePrefixOfCellsEndsBehindAllThatStartWithIt() {
        assertArrayEquals(
                new byte[] {EncodedKeys.CELL, 'b'}, EncodedKeys.endOfPrefix(EncodedKeys.cell(Bytes.utf8("a"))));
        byte[] highest = EncodedKeys.cell(Bytes.wrap(new byte[] {'a', (byte) 0xFF, (byte) 0xFF}));
        assertArrayEquals(new byte[] {EncodedKeys.CELL, 'b'}, EncodedKeys.endOfPrefix(highest));
        assertArrayEquals(new byte[] {EncodedKeys.CELL + 1}, EncodedKeys.endOfPrefix(EncodedKeys.cell(Bytes.EMPTY)));
    }

    @Test
    void aCellNameThatWouldNotFitAPageIsRefused() {
        EncodedKeys.cell(Bytes.wrap(new byte[EncodedKeys.CELL_NAME_BYTES_MAX]));
        assertThrows(
                IllegalArgumentException.class,
                () -> EncodedKeys.cell(Bytes.wrap(new byte[EncodedKeys.CELL_NAME_BYTES_MAX + 1])));
    }
}
