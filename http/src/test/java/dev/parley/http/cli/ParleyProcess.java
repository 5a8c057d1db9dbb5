package dev.parley.http.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/** The command line in a process of its own, as a user has it. Killed with its children when closed. */
final class ParleyProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(180);

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private ParleyProcess(Process process) {
        this.process = process;
        readers.add(collect(process.inputReader(), out));
        readers.add(collect(process.errorReader(), err));
    }

    static ParleyProcess start(Path directory, String... arguments) {
        try {
            List<String> command = new ArrayList<>(java());
            command.addAll(List.of(arguments));
            var builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
            return new ParleyProcess(builder.start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What {@code ./parley} becomes, without the words behind it. */
    static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        return command;
    }

    private static Thread collect(BufferedReader reader, List<String> lines) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (reader) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException ended) {
                lines.add("(ended: " + ended.getMessage() + ")");
            }
        });
    }

    List<String> out() {
        return List.copyOf(out);
    }

    List<String> err() {
        return List.copyOf(err);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for a line on standard output. */
    String awaitLine(Predicate<String> wanted) {
        await("a line", () -> out.stream().anyMatch(wanted) || !process.isAlive());
        return out.stream()
                .filter(wanted)
                .findFirst()
                .orElseGet(() -> Assertions.fail("it ended with out " + out + " and err " + err));
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGKILL, of this process alone. */
    void kill() {
        process.destroyForcibly();
    }

    /** @return the exit code */
    int awaitExit(Duration patience) {
        try {
            Assertions.assertTrue(
                    process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS),
                    () -> "still running after " + patience + ": " + out + err);
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        children.forEach(child -> child.onExit().join());
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            Assertions.assertTrue(System.nanoTime() < deadline, () -> "no " + what + " within " + PATIENCE);
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    /** The first of {@code count} ports in a row that are free, and so are those a node derives from them. */
    static int freePorts(int count) {
        for (int attempt = 0; attempt < 200; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(10_100, 11_900);
            boolean free = IntStream.range(first, first + count)
                    .flatMap(port -> IntStream.of(port, port + 10_000, port + 15_000, port + 20_000))
                    .allMatch(ParleyProcess::isFree);
            if (free) {
                return first;
            }
        }
        return Assertions.fail("no free ports");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** Of the lines {@code n1 pid=… url=…} of a cluster. */
    Stream<Optional<ProcessHandle>> children() {
        return out.stream()
                .filter(line -> line.matches("n\\d+ pid=\\d+ url=.*"))
                .map(line -> ProcessHandle.of(Long.parseLong(line.replaceAll(".*pid=(\\d+).*", "$1"))));
    }
}
