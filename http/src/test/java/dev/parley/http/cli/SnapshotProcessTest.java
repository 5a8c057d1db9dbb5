package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that the log cannot help any more: new, away for too long, wiped, damaged. I5. */
@Tag("processes")
final class SnapshotProcessTest {
    private static final int NODES = 3;
    private static final int VALUE_BYTES = 4_000;

    @TempDir
    Path directory;

    private final int port = ParleyProcess.freePorts(NODES + 1);
    private final KvClient client = new KvClient();
    private final List<ParleyProcess> nodes = new ArrayList<>();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(ParleyProcess::close);
        client.close();
    }

    private Path data(int number) {
        return directory.resolve("cluster").resolve("n" + number);
    }

    private ParleyProcess start(int number) {
        var layout = ClusterLayout.in(directory.resolve("cluster"), NODES, port);
        List<String> arguments =
                new ArrayList<>(List.of("node", "--log.bytes-max=16MiB", "--storage.flush-interval=1s"));
        layout.settings(number, layout.secretFile(new java.util.Random(1)))
                .forEach((key, value) -> arguments.add("--" + key + "=" + value));
        return started(arguments);
    }

    private ParleyProcess started(List<String> arguments) {
        var node = ParleyProcess.start(directory, arguments.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    private static void awaitReady(ParleyProcess node) {
        node.awaitLine(line -> line.startsWith("ready "));
    }

    private List<ParleyProcess> startAll() {
        List<ParleyProcess> all = List.of(start(1), start(2), start(3));
        all.forEach(SnapshotProcessTest::awaitReady);
        return all;
    }

    private void write(int key) {
        String name = "k" + key % 500;
        String value = key + "." + "x".repeat(VALUE_BYTES);
        int status = client.put(port + key % 2, name, value).status();
        if (status == 200 || status == 201) {
            acknowledged.put(name, value);
        } else {
            failures.add("write " + key + " was answered " + status);
        }
    }

    private Thread writeOn(AtomicBoolean enough) {
        return Thread.ofPlatform().start(() -> {
            for (int key = 0; !enough.get(); key++) {
                write(key);
                LockSupport.parkNanos(3_000_000); // or the log would fill up faster than disks are flushed
            }
        });
    }

    private void expectAllAt(int number) {
        acknowledged.forEach((key, value) -> assertEquals(value, client.value(port + number - 1, key), key));
    }

    private List<String> log(int number) {
        try {
            return Files.readAllLines(data(number).resolve("parley.log"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private boolean hasLogged(int number, String text) {
        return log(number).stream().anyMatch(line -> line.contains(text));
    }

    @Test
    void aNewNodeAndOneThatWasAwayForTooLongCatchUpFromPeersWhileNoWriteFails() throws Exception {
        List<ParleyProcess> three = startAll();
        AtomicBoolean enough = new AtomicBoolean();
        Thread writer = writeOn(enough);
        ParleyProcess.await("some data", () -> acknowledged.size() > 50);
        three.get(2).kill();
        three.get(2).awaitExit(ParleyProcess.PATIENCE);
        ParleyProcess.await(
                "a log that is trimmed behind what n3 has",
                () -> !client.get(port, "/v1/status").body().contains("\"trim_held_by\":[\"n3\"]")
                        && acknowledged.size() == 500
                        && trimmed());

        var fourth = started(List.of(
                "node",
                "--join",
                "http://127.0.0.1:" + port,
                "--port",
                Integer.toString(port + 3),
                "--data",
                data(4).toString(),
                "--secret-file",
                directory.resolve("cluster").resolve("secret").toString()));
        awaitReady(fourth);
        awaitReady(start(3));
        enough.set(true);
        writer.join();

        assertEquals(List.of(), failures);
        expectAllAt(4);
        expectAllAt(3);
        assertTrue(hasLogged(4, "fetched a snapshot"), () -> log(4).toString());
        assertTrue(hasLogged(3, "fetched a snapshot"), () -> log(3).toString());
    }

    /** What n3 missed weighs more than the log may hold. */
    private boolean trimmed() {
        return nodes.size() >= NODES && written() > 2_500;
    }

    private long written() {
        String status = client.get(port, "/v1/status").body();
        return Long.parseLong(status.replaceAll(".*\"revision\":(\\d+).*", "$1"));
    }

    @Test
    void wipedAndDamagedTablesAreRebuiltFromAPeerAndNeverAnsweredFrom() throws Exception {
        List<ParleyProcess> three = startAll();
        for (int key = 0; key < 600; key++) {
            write(key);
        }
        assertEquals(List.of(), failures);
        ParleyProcess.await(
                "tables on disk", () -> tables(2).size() > 0 && tables(3).size() > 0);

        stop(three.get(1));
        deleteTables(2);
        awaitReady(start(2));
        expectAllAt(2);

        stop(three.get(0));
        for (Path table : tables(1)) {
            flip(table, Files.size(table) - 1); // some may be of a merge that the stop interrupted
        }
        var first = start(1);
        awaitReady(first);
        expectAllAt(1);
        assertTrue(Files.isDirectory(data(1).resolve("tables.damaged-1")));
        assertTrue(
                client.get(port, "/v1/status").body().contains("\"set_aside\":[\"tables.damaged-1\"]"),
                client.get(port, "/v1/status").body());

        stop(three.get(2));
        SplittableRandom random = new SplittableRandom(1);
        for (Path table : tables(3)) {
            flip(table, random.nextLong(Math.min(Files.size(table), 60_000)));
        }
        start(3);
        ParleyProcess.await("n3 with right answers only", this::thirdAnswersAll);
        assertTrue(Files.isDirectory(data(3).resolve("tables.damaged-1")));
    }

    /** Also on the way there no answer may be wrong, in particular no 404. */
    private boolean thirdAnswersAll() {
        for (Map.Entry<String, String> each : acknowledged.entrySet()) {
            KvClient.Answer answer = client.get(port + 2, "/v1/kv/" + each.getKey());
            if (answer.status() != 200) {
                assertTrue(answer.status() == 503 || answer.status() == 0, answer::toString);
                return false;
            }
            assertEquals(each.getValue(), answer.body());
        }
        return Files.isDirectory(data(3).resolve("tables.damaged-1"));
    }

    private void stop(ParleyProcess node) {
        node.terminate();
        node.awaitExit(ParleyProcess.PATIENCE);
    }

    private List<Path> tables(int number) {
        try (Stream<Path> files = Files.list(data(number).resolve("tables"))) {
            return files.filter(file -> file.toString().endsWith(".table")
                            || file.toString().endsWith(".values"))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void deleteTables(int number) throws IOException {
        try (Stream<Path> files = Files.walk(data(number).resolve("tables"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int value = bytes.read();
            bytes.seek(at);
            bytes.write(value ^ 1);
        }
    }
}
