package dev.parley.store.table;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes a table's value file: large contents, one behind the other. Without any there is no file. */
final class ValueWriter implements AutoCloseable {
    private final Disk disk;
    private final String file;
    private final MessageDigest digest = Digests.sha256();
    private Disk.@Nullable Output out;
    private long sizeBytes;

    ValueWriter(Disk disk, String file) {
        this.disk = disk;
        this.file = file;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** @return the stored value that points to {@code content} */
    byte[] append(byte[] content) {
        Disk.Output open = out;
        if (open == null) {
            open = disk.create(file);
            out = open;
        }
        CRC32C crc = new CRC32C();
        crc.update(content);
        digest.update(content);
        open.write(sizeBytes, ByteBuffer.wrap(content));
        ByteBuffer pointer = ByteBuffer.allocate(Slice.SPILLED_BYTES);
        pointer.put(Slice.SPILLED).putLong(sizeBytes).putInt(content.length).putInt((int) crc.getValue());
        sizeBytes += content.length;
        return pointer.array();
    }

    /** Makes it durable. @return its SHA-256 */
    String finish() {
        if (out != null) {
            out.sync();
        }
        return Digests.hex(digest);
    }

    @Override
    public void close() {
        if (out != null) {
            out.close();
        }
    }
}
