package dev.parley.http.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One node in a process of its own: the same program on the same JVM. It ends when this process does. */
final class NodeProcess {
    private final String name;
    private final Process process;

    private NodeProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /**
     * @param settings by key
     * @param line gets what the node prints, line by line, on a thread of its own
     */
    static NodeProcess start(String name, Map<String, String> settings, Consumer<String> line) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agentlib"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "node"));
        command.add("--end-with-stdin");
        settings.forEach((key, value) -> command.add("--" + key + "=" + value));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            var node = new NodeProcess(name, process);
            Thread.ofPlatform().daemon().name(name + " output").start(() -> node.forward(line));
            return node;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void forward(Consumer<String> line) {
        try (BufferedReader output = process.inputReader()) {
            output.lines().forEach(line);
        } catch (IOException | UncheckedIOException ended) {
            // The process is gone, which whoever waits for it learns otherwise.
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** Calls back when the process has ended, with its exit code. */
    void onExit(Consumer<Integer> ended) {
        process.onExit().thenAccept(gone -> ended.accept(gone.exitValue()));
    }

    /** Asks it to stop; the end of its input is request enough. */
    void stop() {
        process.destroy();
    }

    /** Waits for the end, and brings it about when the time is over. */
    void join(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
