package dev.parley.store.backup;

import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Checkpoint;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An archive in a file. */
public final class Archive {
    private Archive() {}

    /**
     * What a sound archive holds.
     *
     * @param cluster the id of the cluster it was taken of
     * @param takenAtMillis Unix ms, by the clock of the node that was asked
     * @param tables whose state it is, and of when
     * @param bytes of the archive
     */
    public record Contents(String cluster, long takenAtMillis, Checkpoint.Description tables, long bytes) {}

    /** Whether every byte is the one that was written, and the last one is there. */
    public sealed interface Verdict {
        record Sound(Contents contents) implements Verdict {}

        /**
         * @param where the part that is to blame: a file's name, or which line
         * @param what in words
         */
        record Damaged(String where, String what) implements Verdict {
            @Override
            public String toString() {
                return where + ": " + what;
            }
        }
    }

    /** Reads all of it. @throws StoreFailure when the disk does not let it be read */
    public static Verdict verify(Path archive) {
        return read(archive, (name, content) -> content.transferTo(OutputStream.nullOutputStream()));
    }

    /**
     * Writes the files into a directory, durably. What was written is of use only when the verdict is sound.
     *
     * @param directory exists and is empty
     * @throws StoreFailure when the disk fails
     */
    static Verdict extract(Path archive, Path directory) {
        Verdict verdict = read(archive, (name, content) -> {
            try (FileChannel file = FileChannel.open(
                    directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                byte[] chunk = new byte[ArchiveFormat.CHUNK_BYTES];
                for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
                    ByteBuffer part = ByteBuffer.wrap(chunk, 0, read);
                    while (part.hasRemaining()) {
                        file.write(part);
                    }
                }
                file.force(true);
            }
        });
        sync(directory);
        return verdict;
    }

    static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory)) {
            channel.force(true);
        } catch (IOException failure) {
            throw new StoreFailure("cannot make " + directory + " durable", failure);
        }
    }

    private static Verdict read(Path archive, ArchiveReader.Sink sink) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), ArchiveFormat.CHUNK_BYTES)) {
            return new ArchiveReader(in, sink).read();
        } catch (IOException failure) {
            throw new StoreFailure("cannot read " + archive + ", or write what is in it", failure);
        }
    }
}
