package dev.parley.consistency.soak;

import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import dev.parley.consistency.json.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * While a node is down, one byte of its tables, its values or its manifest changes. It must notice when it reads there, at the latest when it
 * scrubs, name the file, take its data from another node, and never answer from what is damaged.
 */
final class Flips implements Drill {
    private static final List<String> KINDS = List.of(".table", ".values", "MANIFEST");
    private static final int READ_ATTEMPTS = 5;

    private static final Duration SCRUBBED = Duration.ofSeconds(120);
    private static final Pattern TABLE = Pattern.compile("(?m)^table ([0-9]+) ");

    /** @param setAside how many directories of damaged tables there were before */
    private record Damage(Machine machine, Path file, long at, int setAside) {
        String name() {
            return file.getFileName().toString();
        }

        @Override
        public String toString() {
            return "byte " + at + " of " + name() + " of " + machine.name();
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
        Damage done = flip(scene, machine, tables, KINDS.get((round - 1) % KINDS.size()));
        damage = Optional.of(done);
        scene.healed();
        machine.start();
        return done + " changed";
    }

    private static Damage flip(Scene scene, Machine machine, Path tables, String kind) {
        try {
            List<Path> files = inUse(tables).stream()
                    .filter(file -> file.getFileName().toString().endsWith(kind))
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
                return new Damage(machine, file, at, setAside(machine));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The manifest and what it names; a process that was killed leaves others, which the next one deletes. */
    private static List<Path> inUse(Path tables) throws IOException {
        Path manifest = tables.resolve("MANIFEST");
        String text = Files.readString(manifest, StandardCharsets.US_ASCII);
        Set<String> named = TABLE.matcher(text)
                .results()
                .flatMap(found -> Stream.of(found.group(1) + ".table", found.group(1) + ".values"))
                .collect(Collectors.toSet());
        try (Stream<Path> all = Files.list(tables)) {
            return Stream.concat(
                            Stream.of(manifest),
                            all.filter(file -> named.contains(file.getFileName().toString())))
                    .toList();
        }
    }

    private static int setAside(Machine machine) {
        return Integer.parseInt(
                machine.onDisk("ls -d tables.damaged-* 2>/dev/null | wc -l").strip());
    }

    /**
     * Everything that was ever written is read from the node. What that does not touch, a scrub must find, name and have repaired; and the one after that must
     * find nothing.
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
        List<Json> found = scrub(scene, machine);
        if (!found.isEmpty()) {
            if (found.stream().noneMatch(each -> field(each, "file").equals(Json.of(done.name())))) {
                scene.ledger().accuse("A scrub names " + found + ", and it was " + done + " that had changed.");
            }
            scene.await(
                    () -> damaged(scene, machine).stream().allMatch(Flips::isRepaired),
                    SCRUBBED,
                    done + " was found and not repaired");
            scene.awaitReady();
            found = scrub(scene, machine);
        }
        if (setAside(machine) == done.setAside()) {
            scene.ledger().accuse("Nobody noticed that " + done + " had changed, neither reads nor a scrub.");
        }
        if (!found.isEmpty() || !digest(scene, machine).equals(Json.of("matches"))) {
            scene.ledger()
                    .accuse("After " + done + " was repaired a scrub still finds " + found + ", and the live state "
                            + digest(scene, machine) + " its digest.");
        }
    }

    /** @return what is damaged */
    private static List<Json> scrub(Scene scene, Machine machine) {
        scene.await(
                () -> scene.client(machine).send("POST", "/v1/scrub") instanceof Reply.Answer answer
                        && answer.status() == 202,
                SCRUBBED,
                machine.name() + " began no scrub");
        scene.await(
                () -> scrubbed(scene, machine)
                        .map(run -> run.get("running").equals(Json.of(false)))
                        .orElse(false),
                SCRUBBED,
                machine.name() + " ended no scrub");
        return damaged(scene, machine);
    }

    private static Optional<Json.Obj> scrubbed(Scene scene, Machine machine) {
        return scene.client(machine).send("GET", "/v1/scrub") instanceof Reply.Answer answer
                        && answer.status() == 200
                        && answer.json() instanceof Json.Obj run
                ? Optional.of(run)
                : Optional.empty();
    }

    private static List<Json> damaged(Scene scene, Machine machine) {
        return scrubbed(scene, machine).map(run -> run.get("damaged")).orElse(Json.NULL) instanceof Json.Array all
                ? all.items()
                : List.of();
    }

    private static Json digest(Scene scene, Machine machine) {
        return scrubbed(scene, machine).map(run -> run.get("digest")).orElse(Json.NULL);
    }

    private static boolean isRepaired(Json damaged) {
        return field(damaged, "repaired").equals(Json.of(true));
    }

    private static Json field(Json json, String name) {
        return json instanceof Json.Obj object ? object.get(name) : Json.NULL;
    }
}
