package dev.parley.store.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.mapdb.DataInput2;

/**
 * Takes a table's pages as MapDB makes them and passes them on to the disk. The first one waits in memory, because its
 * header is filled in last.
 */
final class WritingVolume extends PageVolume {
    private final Disk.Output out;
    private final byte[] firstPage = new byte[PAGE_BYTES];
    private final CRC32C firstKeys = new CRC32C();
    private int[] crcs = new int[64];
    private int pages;

    WritingVolume(Disk.Output out) {
        this.out = out;
    }

    int pages() {
        return pages;
    }

    /** Checksum of the first key of each page, see {@link KeySerializer#crcOfFirstKeys}. */
    int crcOfFirstKeys() {
        return (int) firstKeys.getValue();
    }

    /** Writes the first page. @return the CRC32C of each page */
    int[] finish() {
        crcs[0] = crc(firstPage);
        out.write(0, ByteBuffer.wrap(firstPage));
        return Arrays.copyOf(crcs, pages);
    }

    private static int crc(byte[] page) {
        CRC32C crc = new CRC32C();
        crc.update(page);
        return (int) crc.getValue();
    }

    @Override
    public void putData(long offset, byte[] page, int from, int length) {
        if (pages == crcs.length) {
            crcs = Arrays.copyOf(crcs, 2 * pages);
        }
        if (offset == 0) {
            System.arraycopy(page, 0, firstPage, 0, PAGE_BYTES);
        } else {
            crcs[pages] = crc(page);
            out.write(offset, ByteBuffer.wrap(page));
        }
        addFirstKey(ByteBuffer.wrap(page), pages == 0 ? HEADER_BYTES : 0);
        pages++;
    }

    /** A page begins with the count of its nodes and then where each lies; a node of keys with their count. */
    private void addFirstKey(ByteBuffer page, int start) {
        DataInput2.ByteBuffer node = new DataInput2.ByteBuffer(page, page.getInt(start + Integer.BYTES));
        try {
            int keys = node.unpackInt();
            NodeSerializer.Node first = new NodeSerializer.Node(page, node.getPos(), keys);
            byte[] key = new byte[first.length(0)];
            page.get(first.start(0), key);
            KeySerializer.addTo(firstKeys, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // declared for streams; this is memory
        }
    }

    @Override
    public void putLong(long offset, long value) {
        ByteBuffer.wrap(firstPage).putLong((int) offset, value);
    }

    /** When done, MapDB opens the table on this volume; told of no further page it reads nothing but the first. */
    @Override
    public long getLong(long offset) {
        return offset == FOLLOWING_PAGES_OFFSET ? 0 : ByteBuffer.wrap(firstPage).getLong((int) offset);
    }

    @Override
    public int getInt(long offset) {
        return ByteBuffer.wrap(firstPage).getInt((int) offset);
    }

    @Override
    public byte getByte(long offset) {
        return firstPage[(int) offset];
    }

    @Override
    public DataInput2 getDataInput(long offset, int size) {
        return new DataInput2.ByteBuffer(ByteBuffer.wrap(firstPage), (int) offset);
    }

    @Override
    public long length() {
        return (long) pages << PAGE_SHIFT;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }
}
