package dev.parley.store.table;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.mapdb.SortedTableMap;

/** Writes one table, entry by entry in the order of encoded keys. One thread. */
final class TableWriter implements AutoCloseable {
    private static final int NODE_ENTRIES = 8;

    private final Disk disk;
    private final TableInfo named;
    private final int spillBytes;
    private final Disk.Output out;
    private final WritingVolume pages;
    private final ValueWriter values;
    private final SortedTableMap.Sink<byte[], Object> sink;
    private final BloomFilter.Builder filter;
    private byte[] lastKey = {};
    private long entries;
    private long subjects;
    private long revisionMin = Long.MAX_VALUE;
    private long revisionMax;

    /**
     * @param spillBytes contents above it go into the value file
     * @param subjectsMax at least as many as different keys and cells will come; more make the filter less useful
     */
    TableWriter(Disk disk, long number, int spillBytes, long subjectsMax) {
        this.disk = disk;
        this.named = new TableInfo(number, 0, "", 0, "", 0, 0, 0, 0);
        this.spillBytes = spillBytes;
        out = disk.create(named.file());
        pages = new WritingVolume(out);
        values = new ValueWriter(disk, named.valuesFile());
        sink = SortedTableMap.create(pages, new KeySerializer(), new NodeSerializer.Values())
                .pageSize(PageVolume.PAGE_BYTES)
                .nodeSize(NODE_ENTRIES)
                .createFromSink();
        filter = new BloomFilter.Builder(subjectsMax);
    }

    void put(byte[] key, byte[] content) {
        store(key, content.length > spillBytes ? values.append(content) : inline(content));
    }

    void putRemovedCell(byte[] key) {
        store(key, new byte[] {Slice.REMOVED});
    }

    /** An entry of another table, which is held. */
    void copy(byte[] key, Slice stored, Table from) {
        store(key, stored.kind() == Slice.SPILLED ? values.append(from.content(stored)) : stored.copy());
    }

    private static byte[] inline(byte[] content) {
        byte[] stored = new byte[1 + content.length];
        stored[0] = Slice.INLINE;
        System.arraycopy(content, 0, stored, 1, content.length);
        return stored;
    }

    private void store(byte[] key, byte[] stored) {
        sink.put(key, stored);
        entries++;
        switch (key[0]) {
            case EncodedKeys.VERSION -> {
                countRevision(EncodedKeys.revisionOf(key));
                if (lastKey.length == 0 || !EncodedKeys.sameKey(key, lastKey)) {
                    countSubject(key);
                }
            }
            case EncodedKeys.REVISION -> countRevision(EncodedKeys.recordedRevision(key));
            default -> countSubject(key);
        }
        lastKey = key;
    }

    private void countSubject(byte[] key) {
        subjects++;
        filter.add(BloomFilter.hash(key, EncodedKeys.subjectLength(key)));
    }

    private void countRevision(long revision) {
        revisionMin = Math.min(revisionMin, revision);
        revisionMax = Math.max(revisionMax, revision);
    }

    boolean isEmpty() {
        return entries == 0;
    }

    /** Makes the files durable, but not their names, and reads them back. There must be an entry. */
    TableInfo finish() {
        sink.create();
        int[] crcs = pages.finish();
        writeIndex(crcs);
        out.sync();
        String valuesSha256 = values.finish();
        close();
        return readBack(valuesSha256);
    }

    private void writeIndex(int[] crcs) {
        ByteBuffer index = ByteBuffer.allocate(filter.words() * Long.BYTES + crcs.length * Integer.BYTES);
        filter.writeTo(index);
        for (int crc : crcs) {
            index.putInt(crc);
        }
        CRC32C crc = new CRC32C();
        crc.update(index.array());
        TableFooter footer = new TableFooter(
                crcs.length,
                filter.words(),
                (int) crc.getValue(),
                pages.crcOfFirstKeys(),
                values.sizeBytes(),
                entries,
                subjects,
                revisionMax == 0 ? 0 : revisionMin,
                revisionMax);
        out.write(footer.filterOffset(), index.flip());
        out.write(footer.offset(), footer.encode());
    }

    /** The hash is of what the file really holds, and that is compared with what was meant once. */
    private TableInfo readBack(String valuesSha256) {
        try (MappedFile file = disk.map(named.file())) {
            TableFooter footer = TableFooter.of(file);
            CheckedVolume written = new CheckedVolume(file, footer.pageCrcs(file));
            written.opened();
            for (int page = 0; page < footer.pages(); page++) {
                written.getByte((long) page << PageVolume.PAGE_SHIFT);
            }
            return new TableInfo(
                    named.number(),
                    file.sizeBytes(),
                    Digests.sha256Of(file),
                    footer.valuesBytes(),
                    valuesSha256,
                    footer.entries(),
                    footer.subjects(),
                    footer.revisionMin(),
                    footer.revisionMax());
        }
    }

    /** Nothing came, so nothing is to stay. */
    void discard() {
        close();
        disk.delete(named.file());
    }

    /** Ends it, finished or not; the files stay. */
    @Override
    public void close() {
        out.close();
        values.close();
    }
}
