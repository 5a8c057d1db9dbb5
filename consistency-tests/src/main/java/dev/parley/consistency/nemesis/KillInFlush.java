package dev.parley.consistency.nemesis;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * SIGKILL to a node in the middle of a flush or a merge: when a table file is there that its manifest does not name yet. It still is after the node is dead,
 * or the kill came too late, and another flush is waited for.
 */
final class KillInFlush implements Fault {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Some kills come when the file is named already. */
    private static final int ATTEMPTS = 4;

    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    private Optional<Machine> killed = Optional.empty();
    private Optional<String> unnamed = Optional.empty();

    @Override
    public Ability needs() {
        return Ability.DISK;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        List<Machine> machines = cluster.machines();
        Machine machine = machines.get(random.nextInt(machines.size()));
        killed = Optional.of(machine);
        Path tables = Path.of(machine.onDisk("pwd").strip(), "tables");
        for (int attempt = 1; attempt <= ATTEMPTS && unnamed.isEmpty(); attempt++) {
            if (attempt > 1) {
                machine.start();
            }
            awaitTable(machine, tables);
            machine.kill();
            unnamed = unnamed(tables);
        }
        return machine.name();
    }

    private static void awaitTable(Machine machine, Path tables) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (unnamed(tables).isEmpty()) {
            if (System.nanoTime() - end > 0) {
                throw new ClusterException(machine.name() + " wrote no table within " + PATIENCE.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private static Optional<String> unnamed(Path tables) {
        try (Stream<Path> files = Files.list(tables)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".table"))
                    .toList();
            String manifest = Files.readString(tables.resolve("MANIFEST"));
            return names.stream()
                    .filter(name -> !manifest.contains("\ntable " + name.replace(".table", "") + " "))
                    .findFirst();
        } catch (java.nio.file.NoSuchFileException replaced) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String evidence(Cluster cluster) {
        boolean down = killed.isPresent() && killed.get().state() == Machine.State.DOWN;
        return down && unnamed.isPresent() ? "killed while it wrote " + unnamed.get() : "";
    }

    @Override
    public void end(Cluster cluster) {
        killed.filter(machine -> machine.state() == Machine.State.DOWN).ifPresent(Machine::start);
        killed = Optional.empty();
        unnamed = Optional.empty();
    }
}
