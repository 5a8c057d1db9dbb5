package dev.parley.store.table;

import dev.parley.store.replica.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.mapdb.volume.CleanerUtil;

/** The real disk: one directory, held under an exclusive lock for as long as this is open. */
final class FileDisk implements Disk {
    /** Locked, never read. Not listed. */
    static final String LOCK = "LOCK";

    private final Path directory;
    private final FileChannel lockFile;
    private boolean closed;

    private FileDisk(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    /** @throws StoreFailure when the directory cannot be used, or is in use by another store, of any process */
    static FileDisk open(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel lockFile =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(lockFile)) {
                lockFile.close();
                throw new StoreFailure("the table directory " + directory + " is in use by another store");
            }
            return new FileDisk(directory, lockFile);
        } catch (IOException e) {
            throw new StoreFailure("cannot open the table directory " + directory, e);
        }
    }

    private static boolean isLocked(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return false;
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException ignored) {
            // What had to be on disk was synced before, and a lock ends with its file either way.
        }
    }

    @Override
    public Output create(String file) {
        try {
            return new FileOutput(
                    file,
                    FileChannel.open(
                            directory.resolve(file),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw failure("create", file, e);
        }
    }

    @Override
    public void syncDirectory() {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw failure("sync", ".", e);
        }
    }

    @Override
    public void rename(String from, String to) {
        try {
            Files.move(
                    directory.resolve(from),
                    directory.resolve(to),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure("rename", from, e);
        }
    }

    @Override
    public synchronized void delete(String file) {
        requireOpen("delete", file);
        try {
            Files.deleteIfExists(directory.resolve(file));
        } catch (IOException e) {
            throw failure("delete", file, e);
        }
    }

    @Override
    public List<String> list() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(LOCK))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failure("list", ".", e);
        }
    }

    @Override
    public int read(String file, long offset, ByteBuffer into) {
        requireOpen("read", file);
        try (FileChannel channel = FileChannel.open(directory.resolve(file), StandardOpenOption.READ)) {
            int before = into.position();
            for (int read = 0; into.hasRemaining() && read >= 0; ) {
                read = channel.read(into, offset + into.position() - before);
            }
            return into.position() - before;
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    @Override
    public long freeBytes() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw failure("look at the room of", ".", e);
        }
    }

    @Override
    public MappedFile map(String file) {
        List<ByteBuffer> slices = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(directory.resolve(file), StandardOpenOption.READ)) {
            long sizeBytes = channel.size();
            for (long at = 0; at < sizeBytes; at += MappedFile.SLICE_BYTES) {
                slices.add(channel.map(
                        FileChannel.MapMode.READ_ONLY, at, Math.min(MappedFile.SLICE_BYTES, sizeBytes - at)));
            }
            return new MappedFile(file, sizeBytes, slices, FileDisk::unmap);
        } catch (IOException e) {
            slices.forEach(FileDisk::unmap);
            throw failure("map", file, e);
        }
    }

    private static void unmap(ByteBuffer slice) {
        try {
            CleanerUtil.freeBuffer(slice);
        } catch (IOException e) {
            throw new StoreFailure("cannot unmap a table", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeQuietly(lockFile);
    }

    /** Under the name of a directory that is let go another one may stand. */
    private synchronized void requireOpen(String action, String file) {
        if (closed) {
            throw new StoreFailure("cannot " + action + " " + directory.resolve(file) + ": the disk is closed");
        }
    }

    private StoreFailure failure(String action, String file, IOException cause) {
        return new StoreFailure("cannot " + action + " " + directory.resolve(file), cause);
    }

    private final class FileOutput implements Output {
        private final String file;
        private final FileChannel channel;

        FileOutput(String file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public void write(long offset, ByteBuffer content) {
            try {
                long at = offset;
                while (content.hasRemaining()) {
                    at += channel.write(content, at);
                }
            } catch (IOException e) {
                throw failure("write", file, e);
            }
        }

        @Override
        public void sync() {
            try {
                channel.force(true);
            } catch (IOException e) {
                throw failure("sync", file, e);
            }
        }

        @Override
        public void close() {
            closeQuietly(channel);
        }
    }
}
