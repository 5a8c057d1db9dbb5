package dev.parley.consistency.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands of this machine. */
final class Shell {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private Shell() {}

    /**
     * How a command ended.
     *
     * @param output everything it printed, errors included
     */
    record Ended(int exit, String output) {}

    /** What the command prints, errors included. */
    static String run(List<String> command) {
        Ended ended = end(command);
        if (ended.exit() != 0) {
            throw new ClusterException(command + " failed with " + ended.exit() + ": "
                    + ended.output().strip());
        }
        return ended.output();
    }

    /** Runs a command that may fail. */
    static Ended end(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ClusterException(command + " did not end within " + TIMEOUT.toSeconds() + " s");
            }
            return new Ended(process.exitValue(), output);
        } catch (IOException notStarted) {
            throw new ClusterException(command + " could not be run", notStarted);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ClusterException(command + " was interrupted", interrupted);
        }
    }
}
