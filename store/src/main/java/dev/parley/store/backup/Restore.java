package dev.parley.store.backup;

import dev.parley.store.backup.Archive.Contents;
import dev.parley.store.backup.Archive.Verdict;
import dev.parley.store.kv.FreshStart;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Rebinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The way back: an archive becomes the tables of the first node of a new cluster, see {@link FreshStart}. They begin the
 * log they are bound to, which nobody has founded yet.
 */
public final class Restore {
    private Restore() {}

    /** How it went. */
    public sealed interface Result {
        /** @param position of the new state; its log begins behind it */
        record Restored(Contents contents, Position position) implements Result {}

        /** Nothing was written. */
        record Refused(Verdict.Damaged damage) implements Result {}
    }

    /**
     * Verifies the archive and only then writes. The directory appears as the very last thing, complete and durable.
     *
     * @param tables must not exist, but the directory it is to be in must
     * @param store names the new tables
     * @param log the new log
     * @throws StoreFailure when the disk fails; {@code tables} is not there then
     */
    public static Result into(Path archive, Path tables, UUID store, UUID log) {
        return switch (Archive.verify(archive)) {
            case Verdict.Damaged damaged -> new Result.Refused(damaged);
            case Verdict.Sound(Contents contents) -> new Result.Restored(contents, write(archive, tables, store, log));
        };
    }

    private static Position write(Path archive, Path tables, UUID store, UUID log) {
        Path aside = tables.resolveSibling(tables.getFileName() + ".restoring");
        try {
            Files.createDirectory(aside);
            try {
                if (Archive.extract(archive, aside) instanceof Verdict.Damaged damaged) {
                    throw new StoreFailure(archive + " changed while it was read: " + damaged);
                }
                Position position = Rebinding.toCluster(aside, store, log, FreshStart::begin);
                Files.move(aside, tables, StandardCopyOption.ATOMIC_MOVE);
                Archive.sync(tables.toAbsolutePath().getParent());
                return position;
            } catch (IOException | RuntimeException failure) {
                delete(aside);
                throw failure;
            }
        } catch (IOException failure) {
            throw new StoreFailure("cannot write " + tables, failure);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
