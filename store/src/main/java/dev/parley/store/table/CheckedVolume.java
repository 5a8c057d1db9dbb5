package dev.parley.store.table;

import dev.parley.store.replica.StoreFailure;
import org.mapdb.DataInput2;

/**
 * A table's pages, mapped, each checked against its CRC32C before its first use. Any thread: two may check the same
 * page, and a lost note of it only costs one more check.
 */
final class CheckedVolume extends PageVolume {
    private final MappedFile file;
    private final int[] pageCrcs;
    private final long[] checked;
    private boolean opening = true;

    CheckedVolume(MappedFile file, int[] pageCrcs) {
        this.file = file;
        this.pageCrcs = pageCrcs;
        this.checked = new long[(pageCrcs.length + 63) >>> 6];
    }

    /**
     * To be called once the table is open. Opening reads the first key of each page and would so read the whole file;
     * those keys have a checksum of their own. Only the first page, with the table's header, is checked by then.
     */
    void opened() {
        opening = false;
    }

    private void check(long offset) {
        int page = (int) (offset >>> PAGE_SHIFT);
        if (page >= pageCrcs.length || offset < 0) {
            throw new StoreFailure(file.name() + " points to page " + page + " of " + pageCrcs.length);
        }
        if ((checked[page >>> 6] & (1L << page)) == 0 && !(opening && page > 0)) {
            checkNow(page);
        }
    }

    private void checkNow(int page) {
        int found;
        try {
            found = file.crc32c((long) page << PAGE_SHIFT, PAGE_BYTES);
        } catch (InternalError unreadable) { // what the JVM makes of a mapped page that the disk cannot give
            throw new StoreFailure(file.name() + ": page " + page + " cannot be read", unreadable);
        }
        if (found != pageCrcs[page]) {
            throw new StoreFailure(file.name() + ": page " + page + " is damaged: its checksum is "
                    + Integer.toHexString(found) + ", expected " + Integer.toHexString(pageCrcs[page]));
        }
        checked[page >>> 6] |= 1L << page;
    }

    @Override
    public long getLong(long offset) {
        check(offset);
        return file.sliceAt(offset).getLong(MappedFile.positionIn(offset));
    }

    @Override
    public int getInt(long offset) {
        check(offset);
        return file.sliceAt(offset).getInt(MappedFile.positionIn(offset));
    }

    @Override
    public byte getByte(long offset) {
        check(offset);
        return file.sliceAt(offset).get(MappedFile.positionIn(offset));
    }

    @Override
    public DataInput2 getDataInput(long offset, int size) {
        check(offset);
        return new DataInput2.ByteBuffer(file.sliceAt(offset), MappedFile.positionIn(offset));
    }

    @Override
    public long length() {
        return (long) pageCrcs.length << PAGE_SHIFT;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }
}
