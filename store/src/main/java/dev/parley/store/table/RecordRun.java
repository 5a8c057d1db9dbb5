package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.RevisionCodec;
import dev.parley.store.kv.RevisionRecord;
import java.util.Arrays;
import java.util.Optional;

/**
 * The records of revisions in a row, encoded. A record is a dozen objects and its bytes are one, which is what the
 * garbage collector has to move until the flush. One thread appends, any thread reads.
 */
final class RecordRun {
    private static final int CHUNK = 1_024;

    private byte[][][] chunks = new byte[8][][];
    private long first;

    /** Written last by the one that appends, read first by those that read: what lies below it is there for them. */
    private volatile int count;

    interface Visitor {
        void visit(long revision, byte[] encoded);
    }

    /**
     * Appends the record of the next revision.
     *
     * @return bytes of it
     * @throws IllegalArgumentException when another revision would be next
     */
    int append(RevisionRecord record) {
        int index = count;
        if (index == 0) {
            first = record.revision();
        } else if (record.revision() != first + index) {
            throw new IllegalArgumentException(
                    "revision " + record.revision() + " cannot follow " + (first + index - 1));
        }
        byte[] encoded = RevisionCodec.encode(record).unsafeArray();
        if (index % CHUNK == 0) {
            addChunk(index / CHUNK);
        }
        chunks[index / CHUNK][index % CHUNK] = encoded;
        count = index + 1;
        return encoded.length;
    }

    private void addChunk(int at) {
        byte[][][] grown = at == chunks.length ? Arrays.copyOf(chunks, 2 * at) : chunks;
        grown[at] = new byte[CHUNK][];
        chunks = grown;
    }

    Optional<RevisionRecord> at(long revision) {
        int there = count;
        if (there == 0 || revision < first || revision >= first + there) {
            return Optional.empty();
        }
        return Optional.of(RevisionCodec.decode(revision, Bytes.wrap(encoded((int) (revision - first)))));
    }

    /** In their order. */
    void forEach(Visitor visitor) {
        int there = count;
        for (int index = 0; index < there; index++) {
            visitor.visit(first + index, encoded(index));
        }
    }

    private byte[] encoded(int index) {
        return chunks[index / CHUNK][index % CHUNK];
    }
}
