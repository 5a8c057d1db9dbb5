package dev.parley.store.backup;

import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Checkpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Writes a checkpoint as an archive, see {@link ArchiveFormat}. What it holds in memory does not grow with the state. */
public final class ArchiveWriter {
    private final DigestOutputStream out;

    private ArchiveWriter(OutputStream out) {
        this.out = new DigestOutputStream(out, ArchiveFormat.sha256());
    }

    /**
     * Writes all of it. The archive has no end, and so never verifies, unless this returns.
     *
     * @param cluster the id of the cluster
     * @param takenAtMillis Unix ms, for people
     * @throws StoreFailure when a file cannot be read, or is not what the manifest says: a damaged one is not copied
     */
    public static void write(Checkpoint checkpoint, String cluster, long takenAtMillis, OutputStream out)
            throws IOException {
        var writer = new ArchiveWriter(out);
        writer.line(ArchiveFormat.FIRST_LINE);
        writer.line("cluster " + cluster);
        writer.line("taken " + takenAtMillis);
        writer.manifest(checkpoint.manifest());
        for (Checkpoint.File file : checkpoint.files()) {
            writer.file(checkpoint, file);
        }
        writer.line("end sha256 " + ArchiveFormat.hex(writer.out.getMessageDigest()));
        writer.out.flush();
    }

    private void line(String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void manifest(byte[] content) throws IOException {
        MessageDigest digest = ArchiveFormat.sha256();
        digest.update(content);
        line(ArchiveFormat.file(ArchiveFormat.MANIFEST, content.length, ArchiveFormat.hex(digest)));
        out.write(content);
    }

    private void file(Checkpoint checkpoint, Checkpoint.File file) throws IOException {
        line(ArchiveFormat.file(file.name(), file.sizeBytes(), file.sha256()));
        MessageDigest digest = ArchiveFormat.sha256();
        ByteBuffer chunk = ByteBuffer.allocate(ArchiveFormat.CHUNK_BYTES);
        long offset = 0;
        for (int read = checkpoint.read(file, 0, chunk);
                read > 0;
                read = checkpoint.read(file, offset, chunk.clear())) {
            digest.update(chunk.array(), 0, read);
            out.write(chunk.array(), 0, read);
            offset += read;
        }
        if (offset != file.sizeBytes() || !ArchiveFormat.hex(digest).equals(file.sha256())) {
            throw new StoreFailure(file.name() + " is damaged: it does not have the hash that the manifest names");
        }
    }
}
