package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.RevisionCodec;
import dev.parley.store.kv.RevisionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordRunTest {
    private static RevisionRecord record(long revision) {
        var change = new RevisionRecord.Change(Keyspace.KV, Key.of("k" + revision));
        return new RevisionRecord(revision, 10 * revision, "n1", "", List.of(change));
    }

    @Test
    void everyRecordIsFoundAndVisitedInOrderOverManyChunks() {
        RecordRun run = new RecordRun();
        long first = 7;
        int count = 20_000; // more chunks than there is room for at first
        for (long revision = first; revision < first + count; revision++) {
            run.append(record(revision));
        }
        for (long revision : List.of(7L, 8L, 1_030L, 1_031L, 8_198L, 8_199L, 20_006L)) {
            assertEquals(Optional.of(record(revision)), run.at(revision));
        }
        List<Long> visited = new ArrayList<>();
        run.forEach((revision, encoded) -> {
            assertEquals(record(revision), RevisionCodec.decode(revision, Bytes.wrap(encoded)));
            visited.add(revision);
        });
        assertEquals(count, visited.size());
        assertEquals(first, visited.getFirst());
        assertEquals(visited.stream().sorted().toList(), visited);
    }

    @Test
    void thereIsNothingOutsideOfIt() {
        RecordRun run = new RecordRun();
        assertEquals(Optional.empty(), run.at(0));
        run.append(record(5));
        assertEquals(Optional.empty(), run.at(4));
        assertEquals(Optional.empty(), run.at(6));
    }

    @Test
    void onlyTheNextRevisionCanFollow() {
        RecordRun run = new RecordRun();
        run.append(record(5));
        assertThrows(IllegalArgumentException.class, () -> run.append(record(5)));
        assertThrows(IllegalArgumentException.class, () -> run.append(record(7)));
        assertEquals(Optional.of(record(5)), run.at(5));
        run.append(record(6));
        assertEquals(Optional.of(record(6)), run.at(6));
    }
}
