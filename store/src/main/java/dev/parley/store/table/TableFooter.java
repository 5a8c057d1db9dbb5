package dev.parley.store.table;

import dev.parley.store.replica.StoreFailure;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The end of a table file, which says what is before it.
 *
 * <pre>
 *   pages      64 KiB each, a MapDB SortedTableMap
 *   filter     8 bytes a word, see BloomFilter
 *   checksums  CRC32C of each page, 4 bytes each
 *   footer     magic 8, pages 4, filter words 4, CRC32C of filter and checksums 4, of the pages' first keys 4,
 *              size of the value file 8, entries 8, subjects 8, lowest and highest revision 8 each, CRC32C of these 4
 * </pre>
 */
record TableFooter(
        int pages,
        int filterWords,
        int indexCrc,
        int firstKeysCrc,
        long valuesBytes,
        long entries,
        long subjects,
        long revisionMin,
        long revisionMax) {
    static final int BYTES = 68;

    /** "PARLEYT" and the version of this layout. */
    private static final long MAGIC = 0x5041524C45595401L;

    long filterOffset() {
        return (long) pages << PageVolume.PAGE_SHIFT;
    }

    long checksumsOffset() {
        return filterOffset() + (long) filterWords * Long.BYTES;
    }

    long offset() {
        return checksumsOffset() + (long) pages * Integer.BYTES;
    }

    int indexBytes() {
        return Math.toIntExact(offset() - filterOffset());
    }

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(MAGIC)
                .putInt(pages)
                .putInt(filterWords)
                .putInt(indexCrc)
                .putInt(firstKeysCrc)
                .putLong(valuesBytes)
                .putLong(entries)
                .putLong(subjects)
                .putLong(revisionMin)
                .putLong(revisionMax);
        return out.putInt(crc(out.array())).flip();
    }

    /** Of a table file. @throws StoreFailure when it does not verify */
    static TableFooter of(MappedFile file) {
        if (file.sizeBytes() < BYTES) {
            throw new StoreFailure(file.name() + " is too short for a table: " + file.sizeBytes() + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(file.copy(file.sizeBytes() - BYTES, BYTES));
        if (in.getInt(BYTES - Integer.BYTES) != crc(in.array()) || in.getLong() != MAGIC) {
            throw new StoreFailure(file.name() + ": the footer is damaged");
        }
        TableFooter footer = new TableFooter(
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong());
        if (footer.offset() + BYTES != file.sizeBytes()) {
            throw new StoreFailure(
                    file.name() + " is " + file.sizeBytes() + " bytes long, expected " + (footer.offset() + BYTES));
        }
        if (file.crc32c(footer.filterOffset(), footer.indexBytes()) != footer.indexCrc) {
            throw new StoreFailure(file.name() + ": the filter or the checksums are damaged");
        }
        return footer;
    }

    int[] pageCrcs(MappedFile file) {
        ByteBuffer checksums = ByteBuffer.wrap(file.copy(checksumsOffset(), pages * Integer.BYTES));
        int[] crcs = new int[pages];
        checksums.asIntBuffer().get(crcs);
        return crcs;
    }

    private static int crc(byte[] encoded) {
        CRC32C crc = new CRC32C();
        crc.update(encoded, 0, BYTES - Integer.BYTES);
        return (int) crc.getValue();
    }
}
