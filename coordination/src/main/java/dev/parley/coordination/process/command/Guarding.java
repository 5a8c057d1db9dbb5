package dev.parley.coordination.process.command;

import dev.parley.coordination.process.guard.Guard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * How guards are run.
 *
 * @param java the program
 * @param classPath where {@link Guard} is
 * @param patience how long the node's heartbeat may stay away; 100 ms or more
 * @param environment all that programs get beside what {@link CommandKind} tells them; nothing of the node's own, which
 *     holds secrets
 * @param ids random
 */
public record Guarding(
        Path java, Path classPath, Duration patience, Map<String, String> environment, Supplier<UUID> ids) {
    private static final int BEATS_IN_TIME = 5;

    /** A guard does next to nothing: every byte it does not take is there for the program. */
    private static final List<String> OPTIONS = List.of(
            "-Xmx16m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:CICompilerCount=1",
            "-XX:ReservedCodeCacheSize=8m");

    public Guarding {
        environment = Map.copyOf(environment);
        if (patience.toMillis() < 100) {
            throw new IllegalArgumentException("a guard needs 100 ms of patience or more, was " + patience);
        }
    }

    /** With this program's Java and classes. */
    public static Guarding byThisProgram(Duration patience, Map<String, String> environment, Supplier<UUID> ids) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        try {
            Path classes = Path.of(Guard.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new Guarding(java, classes, patience, environment, ids);
        } catch (java.net.URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Duration beatEvery() {
        return patience.dividedBy(BEATS_IN_TIME);
    }

    /** A session of its own, so that no signal to the node's group or terminal reaches it. */
    List<String> line(List<String> program) {
        List<String> line = new ArrayList<>(List.of("setsid", java.toString()));
        line.addAll(OPTIONS);
        line.addAll(List.of("-cp", classPath.toString(), Guard.class.getName(), Long.toString(patience.toMillis())));
        line.addAll(program);
        return line;
    }
}
