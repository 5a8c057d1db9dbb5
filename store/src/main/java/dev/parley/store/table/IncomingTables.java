package dev.parley.store.table;

import dev.parley.store.replica.StateStore;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Checkpoint.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A snapshot that is being fetched, in a directory beside the tables in use. Files are kept under their hash until all
 * are there, so that what an interrupted transfer got serves the next one, of whatever node. One thread. What fails
 * throws {@link StoreFailure}; what was fetched is still there then.
 */
public final class IncomingTables {
    private static final String PART = ".part";

    private final Path directory;

    private IncomingTables(Path directory) {
        this.directory = directory;
    }

    /** @param tables the directory of the tables in use, as given to {@link TableStore#open} */
    public static IncomingTables beside(Path tables) {
        Path directory = new TableDirectory(tables).incoming();
        try {
            // Sealed for a switch that never came: by now there is something newer.
            Files.deleteIfExists(directory.resolve(Manifest.FILE));
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StoreFailure("cannot use " + directory, e);
        }
        return new IncomingTables(directory);
    }

    /** The files that a manifest names. @throws StoreFailure when it does not verify */
    public static List<File> filesOf(byte[] manifest) {
        return Checkpoint.filesOf(Manifest.decode(manifest));
    }

    private Path whole(File file) {
        return directory.resolve(file.sha256());
    }

    private Path part(File file) {
        return directory.resolve(file.sha256() + PART);
    }

    /** Whether all of it is there and verified. */
    public boolean has(File file) {
        return Files.exists(whole(file));
    }

    /** How much of it is there, not verified yet, when it is not there as a whole. */
    public long bytesOf(File file) {
        try {
            return Files.exists(part(file)) ? Files.size(part(file)) : 0;
        } catch (IOException e) {
            throw new StoreFailure("cannot use " + part(file), e);
        }
    }

    /** Deletes what belongs to none of these files. */
    public void keepOnly(List<File> files) {
        Set<String> wanted = new HashSet<>();
        files.forEach(file -> {
            wanted.add(file.sha256());
            wanted.add(file.sha256() + PART);
        });
        try (Stream<Path> present = Files.list(directory)) {
            for (Path file : present.toList()) {
                if (!wanted.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new StoreFailure("cannot use " + directory, e);
        }
    }

    /** Adds to what is there of it. */
    public void append(File file, ByteBuffer content) {
        try (FileChannel out = FileChannel.open(part(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (content.hasRemaining()) {
                out.write(content);
            }
        } catch (IOException e) {
            throw new StoreFailure("cannot write " + part(file), e);
        }
    }

    /**
     * To be called when all bytes are there: compares their hash, and makes the file durable.
     *
     * @return false when it is another content; then it is deleted
     */
    public boolean finish(File file) {
        Path part = part(file);
        try {
            if (!Files.exists(part)) {
                Files.createFile(part);
            }
            if (Files.size(part) != file.sizeBytes() || !Digests.sha256Of(part).equals(file.sha256())) {
                Files.delete(part);
                return false;
            }
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
                out.force(true);
            }
            Files.move(part, whole(file), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            throw new StoreFailure("cannot use " + part, e);
        }
    }

    /**
     * Makes it a table directory of its own, durable and as a whole. Every file that {@code manifest} names must be
     * {@linkplain #has there}.
     *
     * @param store names the new directory
     * @throws dev.parley.store.replica.DamagedTables when the files do not make a table store
     */
    public StateStore.Incoming seal(byte[] manifest, UUID store) {
        Manifest sealed = Manifest.decode(manifest).withStore(store);
        List<File> files = Checkpoint.filesOf(sealed);
        keepOnly(files);
        try {
            for (File file : files) {
                Files.deleteIfExists(directory.resolve(file.name()));
                // Two files may have one content.
                Files.createLink(directory.resolve(file.name()), whole(file));
            }
            for (File file : files) {
                Files.deleteIfExists(whole(file));
            }
        } catch (IOException e) {
            throw new StoreFailure("cannot use " + directory, e);
        }
        try (FileDisk disk = FileDisk.open(directory)) {
            Catalog.create(disk, sealed).verify();
        }
        return new Sealed(directory, sealed.log(), sealed.position());
    }

    /** What {@link TableStore#install} takes. */
    record Sealed(Path directory, Optional<UUID> log, Position position) implements StateStore.Incoming {}
}
