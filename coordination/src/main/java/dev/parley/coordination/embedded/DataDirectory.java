package dev.parley.coordination.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where ZooKeeper's data lies, and what Parley does there before ZooKeeper opens it. Deletes nothing, ever. */
final class DataDirectory {
    private final Path root;
    private final Path data;

    DataDirectory(Path root) {
        this.root = root;
        this.data = root.resolve("version-2");
    }

    /** Whether ZooKeeper never kept anything here. */
    boolean isFresh() {
        if (!Files.isDirectory(data)) {
            return true;
        }
        try (Stream<Path> files = Files.list(data)) {
            return files.map(file -> file.getFileName().toString())
                    .noneMatch(name -> name.startsWith("log.") || name.startsWith("snapshot."));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether no transaction was ever kept here; the snapshot of an empty database may have been. */
    boolean holdsNoTransaction() {
        if (!Files.isDirectory(data)) {
            return true;
        }
        try (Stream<Path> files = Files.list(data)) {
            return files.map(file -> file.getFileName().toString())
                    .noneMatch(name ->
                            name.startsWith("log.") || name.startsWith("snapshot.") && !name.equals("snapshot.0"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Tells ZooKeeper that an empty database here is how things begin and not a loss. Without it, an empty member
     * neither votes nor counts in elections until it has copied the others' data.
     */
    void allowEmptyOnce() {
        write(root.resolve("initialize"), "");
    }

    /** A note left by an interrupted first formation must not vouch for an empty directory later. */
    void forbidEmpty() {
        try {
            Files.deleteIfExists(root.resolve("initialize"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void writeMyId(int id) {
        write(root.resolve("myid"), Integer.toString(id));
    }

    void create() {
        try {
            Files.createDirectories(root);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Looks for damage and cuts torn tails off, keeping the bytes beside the log: ZooKeeper refuses some of them.
     *
     * @return the first damage; then nothing was changed
     */
    Optional<LogVerdict.Damaged> inspect() {
        List<LogVerdict> verdicts = TransactionLogScan.scanDirectory(data);
        Optional<LogVerdict.Damaged> damage = damage(verdicts);
        if (damage.isEmpty()) {
            for (LogVerdict verdict : verdicts) {
                if (verdict instanceof LogVerdict.TornTail torn) {
                    cutOff(torn);
                }
            }
        }
        return damage;
    }

    /** As {@link #inspect}, but changes nothing. */
    Optional<LogVerdict.Damaged> damage() {
        return Files.isDirectory(data) ? damage(TransactionLogScan.scanDirectory(data)) : Optional.empty();
    }

    private static Optional<LogVerdict.Damaged> damage(List<LogVerdict> verdicts) {
        return verdicts.stream()
                .filter(LogVerdict.Damaged.class::isInstance)
                .map(LogVerdict.Damaged.class::cast)
                .findFirst();
    }

    /** Renames the data to a name with {@code .damaged-<n>}, and returns it. */
    Path setAside() {
        return moveAside(data, "damaged");
    }

    private void cutOff(LogVerdict.TornTail torn) {
        Path log = torn.file();
        try {
            if (torn.offset() == 0) {
                moveAside(log, "torn");
                return;
            }
            Path copy = firstFree(log, "torn");
            Files.copy(log, copy, StandardCopyOption.COPY_ATTRIBUTES);
            try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                channel.truncate(torn.offset());
                channel.force(true);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path moveAside(Path path, String why) {
        Path aside = firstFree(path, why);
        try {
            return Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path firstFree(Path path, String why) {
        for (int number = 1; ; number++) {
            Path free = path.resolveSibling(path.getFileName() + "." + why + "-" + number);
            if (!Files.exists(free)) {
                return free;
            }
        }
    }

    private static void write(Path file, String content) {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.write(java.nio.ByteBuffer.wrap(content.getBytes(US_ASCII)));
            channel.force(true);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The entry of {@code backups} changed last, if there is any. */
    static Optional<Path> newestIn(Path backups) {
        if (!Files.isDirectory(backups)) {
            return Optional.empty();
        }
        try (Stream<Path> entries = Files.list(backups)) {
            return entries.max(Comparator.comparing(DataDirectory::changedAt).thenComparing(Path::toString));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static java.nio.file.attribute.FileTime changedAt(Path entry) {
        try {
            return Files.getLastModifiedTime(entry);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
