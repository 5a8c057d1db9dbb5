package dev.parley.http.node;

import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.store.backup.Archive;
import dev.parley.store.backup.Restore;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Checkpoint;
import dev.parley.store.table.Rebinding;
import dev.parley.store.table.TableVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What is done to the data directory of a node that does not run. */
public final class Maintenance {
    private static final int CLUSTER_SUFFIX_BYTES = 4;
    private static final int CLUSTER_PREFIX_CHARS_MAX = 100;

    private final Ambient ambient;

    public Maintenance(Ambient ambient) {
        this.ambient = ambient;
    }

    // -- restore ----------------------------------------------------------------------------------------------------

    /** @param revision the newest one of the state in the directory */
    public record Restored(String cluster, UUID log, Archive.Contents contents, long revision) {}

    /**
     * Makes an archive the first node of a new cluster.
     *
     * @param data must be empty or not there
     * @param cluster the new cluster's id; empty: one is made up from the old
     * @throws StartFailure when it cannot be done; nothing was written then, unless the disk failed
     */
    public Restored restore(Path archive, Path data, Optional<String> cluster) {
        requireUnused(data);
        var contents = verified(archive);
        var log = ambient.ids().get();
        var name = cluster.orElseGet(() -> anotherThan(contents.cluster()));
        try (DataDirectory directory = DataDirectory.open(data)) {
            Identity identity = directory.identity();
            identity.cluster(Optional.of(name), name);
            // Before the tables: without it they would be taken for those of a log that is gone.
            new NewLog(log, false).writeTo(identity);
            return switch (Restore.into(
                    archive, directory.tables(), ambient.ids().get(), log)) {
                case Restore.Result.Restored(var read, Position position) ->
                    new Restored(name, log, read, position.revision());
                case Restore.Result.Refused(var damage) ->
                    throw new StartFailure(archive + " changed while it was read: " + damage);
            };
        } catch (StoreFailure failure) {
            throw new StartFailure(failure.getMessage(), failure);
        }
    }

    private static void requireUnused(Path data) {
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> files = Files.list(data)) {
            if (files.findAny().isPresent()) {
                throw new StartFailure(
                        data + " is in use: a backup is restored only into an empty directory; nothing was written");
            }
        } catch (IOException failure) {
            throw new StartFailure(data + " cannot be used (" + failure + ")", failure);
        }
    }

    private static Archive.Contents verified(Path archive) {
        try {
            return switch (Archive.verify(archive)) {
                case Archive.Verdict.Sound(var contents) -> contents;
                case Archive.Verdict.Damaged damaged ->
                    throw new StartFailure(archive + " is damaged, " + damaged + "; nothing was written");
            };
        } catch (StoreFailure failure) {
            throw new StartFailure(failure.getMessage(), failure);
        }
    }

    private String anotherThan(String cluster) {
        byte[] suffix = new byte[CLUSTER_SUFFIX_BYTES];
        ambient.secrets().nextBytes(suffix);
        return cluster.substring(0, Math.min(cluster.length(), CLUSTER_PREFIX_CHARS_MAX)) + "-"
                + HexFormat.of().formatHex(suffix);
    }

    // -- recover ----------------------------------------------------------------------------------------------------

    /** @param former the log that is given up */
    public record Recovered(UUID former, UUID log, long appliedIndex, long revision) {}

    /**
     * Binds a node's tables to a new log, which the node founds at its next start in place of the one in use.
     *
     * @throws StartFailure when the node runs, or has no tables that follow a log; nothing was written then
     */
    public Recovered newLog(Path data) {
        if (!Files.isDirectory(data.resolve("identity"))) {
            throw new StartFailure(data + " is not the data directory of a node");
        }
        try (DataDirectory directory = DataDirectory.open(data)) {
            Checkpoint.Description before = Rebinding.look(directory.tables());
            UUID former = before.log()
                    .orElseThrow(() -> new StartFailure("the tables in " + directory.tables() + " follow no log yet"));
            UUID log = ambient.ids().get();
            // The tables first: with the note alone they would be taken for a restore that was not finished.
            Position position = Rebinding.toLog(directory.tables(), log);
            new NewLog(log, true).writeTo(directory.identity());
            return new Recovered(former, log, position.applied().value(), position.revision());
        } catch (StoreFailure failure) {
            throw new StartFailure(failure.getMessage(), failure);
        }
    }

    // -- verify -----------------------------------------------------------------------------------------------------

    /** @param findings one sentence for each thing that is wrong; empty when every byte is the one that was written */
    public record Verified(String what, List<String> findings) {}

    /**
     * Reads every byte of an archive, or of the directory of a node, or of tables alone.
     *
     * @throws StartFailure when it is none of them, or a node has it open
     */
    public static Verified verify(Path path) {
        try {
            return Files.isDirectory(path) ? directory(path) : archive(path);
        } catch (StoreFailure failure) {
            throw new StartFailure(failure.getMessage(), failure);
        }
    }

    private static Verified archive(Path archive) {
        return switch (Archive.verify(archive)) {
            case Archive.Verdict.Sound(var contents) -> new Verified(described(contents), List.of());
            case Archive.Verdict.Damaged damaged ->
                new Verified("archive " + archive, List.of(damaged.where() + " " + damaged.what()));
        };
    }

    private static String described(Archive.Contents contents) {
        return "archive of cluster " + contents.cluster() + ", revision "
                + contents.tables().position().revision() + ", "
                + contents.tables().files().size() + " files, " + contents.bytes() + " bytes";
    }

    private static Verified directory(Path path) {
        boolean ofNode = Files.isDirectory(path.resolve("tables"));
        var report = TableVerification.of(ofNode ? path.resolve("tables") : path);
        List<String> findings = new ArrayList<>();
        report.damage().forEach(damage -> findings.add(damage.file() + " " + damage.what()));
        if (ofNode) {
            EmbeddedZooKeeper.damage(path.resolve("zookeeper")).ifPresent(findings::add);
        }
        String what = "tables of revision "
                + report.tables()
                        .map(tables -> Long.toString(tables.position().revision()))
                        .orElse("unknown")
                + ", applied "
                + report.tables()
                        .map(tables -> Long.toString(tables.position().applied().value()))
                        .orElse("unknown")
                + ", " + report.files() + " files, " + report.bytes() + " bytes";
        return new Verified(what, List.copyOf(findings));
    }
}
