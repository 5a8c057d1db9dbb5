package dev.parley.store.table;

import dev.parley.store.replica.StoreFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The place of a table directory, and of what may stand beside it.
 *
 * <pre>
 *   tables             in use
 *   tables.incoming    a snapshot that is being fetched; whole once there is a manifest in it
 *   tables.former      what a snapshot has replaced; on its way out
 *   tables.damaged-1   what did not verify; nothing here ever deletes it
 * </pre>
 */
final class TableDirectory {
    private final Path path;

    TableDirectory(Path path) {
        this.path = path.toAbsolutePath();
    }

    Path path() {
        return path;
    }

    Path incoming() {
        return beside("incoming");
    }

    private Path former() {
        return beside("former");
    }

    private Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + "." + suffix);
    }

    /** Finishes what a crash interrupted. @throws StoreFailure when the file system refuses */
    void recover() {
        if (!Files.exists(path) && Files.exists(incoming().resolve(Manifest.FILE))) {
            move(incoming(), path);
        }
        deleteFormer();
    }

    /**
     * Puts the incoming directory in the place of this one.
     *
     * @param keep sets the former one aside, for good
     */
    void replace(boolean keep) {
        deleteFormer();
        move(path, keep ? aside() : former());
        move(incoming(), path);
    }

    /** Renames it, so that the next open makes a new one. @return its new name */
    Path setAside() {
        Path aside = aside();
        move(path, aside);
        return aside;
    }

    private Path aside() {
        int number = 1;
        while (Files.exists(beside("damaged-" + number))) {
            number++;
        }
        return beside("damaged-" + number);
    }

    void deleteFormer() {
        deleteAll(former());
    }

    static void deleteAll(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new StoreFailure("cannot delete " + directory, e);
        }
    }

    private void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel parent = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
                parent.force(true);
            }
        } catch (IOException e) {
            throw new StoreFailure("cannot rename " + from + " to " + to, e);
        }
    }
}
