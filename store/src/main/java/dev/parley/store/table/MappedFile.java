package dev.parley.store.table;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A file in memory, in slices of 1 GiB, so that a table costs a handful of mappings and not one per MiB. Any thread.
 * After {@link #close} it must not be read: the memory may be someone else's.
 */
final class MappedFile implements AutoCloseable {
    static final int SLICE_SHIFT = 30;
    static final long SLICE_BYTES = 1L << SLICE_SHIFT;

    private final String name;
    private final long sizeBytes;
    private final ByteBuffer[] slices;
    private final Consumer<ByteBuffer> unmap;

    /** @param unmap called once for each slice by {@link #close} */
    MappedFile(String name, long sizeBytes, List<ByteBuffer> slices, Consumer<ByteBuffer> unmap) {
        this.name = name;
        this.sizeBytes = sizeBytes;
        this.slices = slices.toArray(ByteBuffer[]::new);
        this.unmap = unmap;
    }

    String name() {
        return name;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** The slice that holds the byte at {@code offset}, which is at {@link #positionIn} of it. */
    ByteBuffer sliceAt(long offset) {
        return slices[(int) (offset >>> SLICE_SHIFT)];
    }

    static int positionIn(long offset) {
        return (int) (offset & (SLICE_BYTES - 1));
    }

    /** {@code offset} must be a multiple of 8. */
    long longAt(long offset) {
        return sliceAt(offset).getLong(positionIn(offset));
    }

    byte[] copy(long offset, int length) {
        byte[] content = new byte[length];
        for (int done = 0; done < length; ) {
            int position = positionIn(offset + done);
            ByteBuffer slice = sliceAt(offset + done);
            int part = Math.min(length - done, slice.limit() - position);
            slice.get(position, content, done, part);
            done += part;
        }
        return content;
    }

    int crc32c(long offset, long length) {
        CRC32C crc = new CRC32C();
        for (long done = 0; done < length; ) {
            int position = positionIn(offset + done);
            ByteBuffer slice = sliceAt(offset + done).duplicate();
            int part = (int) Math.min(length - done, slice.limit() - position);
            crc.update(slice.position(position).limit(position + part));
            done += part;
        }
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        for (int i = 0; i < slices.length; i++) {
            ByteBuffer slice = slices[i];
            if (slice != null) {
                slices[i] = null;
                unmap.accept(slice);
            }
        }
    }
}
