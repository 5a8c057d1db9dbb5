package dev.parley.consistency.soak;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * While a node is down, one byte of its tables, its values or its manifest changes. It must notice when it reads there, take its data from another node, and
 * never answer from what is damaged.
 */
final class Flips implements Drill {
    private static final List<String> KINDS = List.of(".table", ".values", "MANIFEST");
    private static final int READ_ATTEMPTS = 5;

    private record Damage(Machine machine, Path file, long at, int wrong) {
        boolean isThere() {
            try (RandomAccessFile now = new RandomAccessFile(file.toFile(), "r")) {
                now.seek(at);
                return now.read() == wrong;
            } catch (IOException gone) {
                return false;
            }
        }
    }

    private Optional<Damage> damage = Optional.empty();

    @Override
    public Cluster open(NodeBuild build, Path directory) {
        return new Processes(
                build,
                3,
                directory,
                Map.of("PARLEY_STORAGE_FLUSH_INTERVAL", "500ms", "PARLEY_STORAGE_MEMTABLE_BYTES", "1MiB"));
    }

    /** They lie in files of their own. */
    @Override
    public int valueBytes() {
        return 2_500;
    }

    @Override
    public String round(Scene scene, int round) {
        scene.awaitAcknowledged(200);
        Machine machine = scene.anyMachine();
        Path tables = Path.of(machine.onDisk("pwd").strip(), "tables");
        machine.kill();
        Damage done = flip(scene, machine, tables, KINDS.get(round % KINDS.size()));
        damage = Optional.of(done);
        scene.healed();
        machine.start();
        return machine.name() + " with byte " + done.at() + " of " + done.file().getFileName() + " changed";
    }

    private static Damage flip(Scene scene, Machine machine, Path tables, String kind) {
        try (Stream<Path> all = Files.list(tables)) {
            List<Path> files = all.filter(file -> file.getFileName().toString().endsWith(kind))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new ClusterException(machine.name() + " has no file " + kind + " to damage");
            }
            Path file = files.get(scene.random().nextInt(files.size()));
            try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
                long at = scene.random().nextLong(content.length());
                content.seek(at);
                int wrong = content.read() ^ (1 + scene.random().nextInt(255));
                content.seek(at);
                content.write(wrong);
                return new Damage(machine, file, at, wrong);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Everything that was ever written is read from the node. What that does not touch stays damaged, and the same could happen to another node's copy of it
     * in a later round: then the operator wipes the tables, and the node gets them anew.
     */
    @Override
    public void inspect(Scene scene) {
        Damage done = damage.orElseThrow();
        Machine machine = done.machine();
        Audit audit = new Audit(List.of(scene.client(machine)), scene.ledger());
        for (int attempt = 1; !audit.holds(Writers.ONCE); attempt++) {
            // It has found the damage now, and gets what it needs from another node.
            if (attempt == READ_ATTEMPTS) {
                throw new ClusterException(machine.name() + " did not list what it holds");
            }
            scene.awaitReady();
        }
        scene.awaitReady();
        if (done.isThere()) {
            machine.kill();
            machine.onDisk("rm -rf tables");
            machine.start();
            scene.awaitReady();
        }
    }
}
