package dev.parley.store.table;

import java.io.File;
import java.nio.ByteBuffer;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;

/** What a table's volume never does. Pages are 64 KiB; a table is written from front to back and never changed. */
abstract class PageVolume extends Volume {
    static final int PAGE_SHIFT = 16;
    static final int PAGE_BYTES = 1 << PAGE_SHIFT;

    /** The first page begins with the table's header. */
    static final int HEADER_BYTES = 64;

    /** Where in that header MapDB keeps how many pages follow the first one. */
    static final long FOLLOWING_PAGES_OFFSET = 24;

    @Override
    public void ensureAvailable(long offset) {}

    @Override
    public void sync() {}

    @Override
    public int sliceSize() {
        return -1;
    }

    @Override
    public boolean isSliced() {
        return false;
    }

    @Override
    public boolean getFileLocked() {
        return false;
    }

    @Override
    public void close() {
        closed.set(true);
    }

    @Override
    public void truncate(long size) {
        throw unused();
    }

    @Override
    public void putLong(long offset, long value) {
        throw unused();
    }

    @Override
    public void putInt(long offset, int value) {
        throw unused();
    }

    @Override
    public void putByte(long offset, byte value) {
        throw unused();
    }

    @Override
    public void putData(long offset, byte[] source, int from, int length) {
        throw unused();
    }

    @Override
    public void putData(long offset, ByteBuffer source) {
        throw unused();
    }

    @Override
    public void getData(long offset, byte[] into, int from, int length) {
        throw unused();
    }

    @Override
    public void clear(long from, long to) {
        throw unused();
    }

    @Override
    public File getFile() {
        throw unused();
    }

    @Override
    public abstract DataInput2 getDataInput(long offset, int size);

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("a table is written once, page by page, and then only read");
    }
}
