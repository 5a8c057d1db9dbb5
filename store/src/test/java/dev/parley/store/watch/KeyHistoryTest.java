package dev.parley.store.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.TreeStateMap;
import dev.parley.store.kv.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyHistoryTest {
    private final TreeStateMap map = new TreeStateMap();
    private final List<Version> log = new ArrayList<>();

    private void commit(Key key, boolean put) {
        long revision = map.newest() + 1;
        Version version = put ? new Version.Live(1, revision, 1, 0, "", Bytes.EMPTY) : new Version.Tombstone(revision);
        map.put(Keyspace.KV, key, version);
        map.record(new RevisionRecord(revision, 0, "n1", "", List.of(new RevisionRecord.Change(Keyspace.KV, key))));
        if (key.equals(Key.of("a"))) {
            log.addFirst(version);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyPagesOfTheHistoryTogetherAreWhatWasWritten(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 300; i++) {
            commit(Key.of(random.nextInt(3) == 0 ? "a" : "b"), random.nextInt(4) > 0);
        }
        long compacted = random.nextInt(100);
        map.putCell(
                Bytes.utf8("compacted"),
                Bytes.wrap(ByteBuffer.allocate(8).putLong(compacted).array()));
        List<Version> read = new ArrayList<>();
        long[] before = {map.newest() + 1};
        for (int size = -1; size != read.size(); ) {
            size = read.size();
            int[] left = {random.nextInt(1, 9)};
            KeyHistory.visit(map, Key.of("a"), before[0], entry -> {
                assertEquals(entry.version().modRevision(), entry.record().revision());
                read.add(entry.version());
                before[0] = entry.record().revision();
                return --left[0] > 0;
            });
        }
        assertEquals(
                log.stream()
                        .filter(version -> version.modRevision() >= compacted)
                        .toList(),
                read);
    }
}
