package dev.parley.coordination.process.host;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Kind.LogSink;
import dev.parley.coordination.process.ProcessHost.LogLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /** {@link AutoCloseable#close} may throw anything. */
    private interface Following extends AutoCloseable {
        @Override
        void close();
    }

    private static Following closing(AutoCloseable following) {
        return () -> {
            try {
                following.close();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        };
    }

    private Outputs open(long fileBytes, int files) {
        return new Outputs(new OutputConfig(directory, fileBytes, files), () -> 42);
    }

    @Test
    void whoFollowsGetsTheNewestLinesAndThenEachNewOneWithoutAGap() throws Exception {
        try (Outputs outputs = open(1 << 20, 3)) {
            LogSink sink = outputs.sink("a/b c");
            for (int each = 1; each <= 50; each++) {
                sink.line("out", "line " + each);
            }
            List<LogLine> lines = new CopyOnWriteArrayList<>();
            try (var following = closing(outputs.follow("a/b c", 10, lines::add))) {
                assertTrue(following != null);
                for (int each = 51; each <= 60; each++) {
                    sink.line("err", "line " + each);
                }
                await().atMost(LONG).until(() -> lines.size() == 20);
            }
            assertEquals(
                    IntStream.rangeClosed(41, 60)
                            .mapToObj(each -> "line " + each)
                            .toList(),
                    lines.stream().map(LogLine::text).toList());
            assertEquals(new LogLine(60, 42, "err", "line 60"), lines.getLast());
        }
    }

    @Test
    void afterARestartTheNumbersGoOn() throws Exception {
        try (Outputs outputs = open(1 << 20, 3)) {
            outputs.sink("a").line("out", "before");
        }
        try (Outputs outputs = open(1 << 20, 3)) {
            outputs.sink("a").line("out", "after");
            assertEquals(
                    List.of(new LogLine(1, 42, "out", "before"), new LogLine(2, 42, "out", "after")), all(outputs));
        }
    }

    private static List<LogLine> all(Outputs outputs) throws Exception {
        List<LogLine> lines = new CopyOnWriteArrayList<>();
        try (var following = closing(outputs.follow("a", Outputs.NEWEST_MAX, lines::add))) {
            assertTrue(following != null);
            outputs.sink("a").line("parley", "end");
            await().atMost(LONG)
                    .until(() -> lines.stream().anyMatch(line -> line.text().equals("end")));
        }
        return lines.subList(0, lines.size() - 1);
    }

    @Test
    void theFilesAreBoundedAndTheNewestLinesStay() throws Exception {
        try (Outputs outputs = open(200, 3)) {
            LogSink sink = outputs.sink("a");
            for (int each = 1; each <= 500; each++) {
                sink.line("out", "line " + each);
            }
            List<LogLine> left = all(outputs);
            assertEquals("line 500", left.getLast().text());
            assertTrue(left.size() < 60, () -> "left: " + left.size());
        }
        try (Stream<Path> files = Files.list(directory.resolve("a"))) {
            List<Path> found = files.toList();
            assertEquals(3, found.size());
            for (Path file : found) {
                assertTrue(Files.size(file) < 400, () -> file.toString());
            }
        }
    }

    @Test
    void aLineTornByACrashIsLeftOut() throws Exception {
        try (Outputs outputs = open(1 << 20, 3)) {
            outputs.sink("a").line("out", "whole");
        }
        try (Stream<Path> files = Files.list(directory.resolve("a"))) {
            Files.writeString(files.findFirst().orElseThrow(), "2 4", StandardOpenOption.APPEND);
        }
        try (Outputs outputs = open(1 << 20, 3)) {
            outputs.sink("a").line("out", "next");
            assertEquals(
                    List.of("whole", "next"),
                    all(outputs).stream().map(LogLine::text).toList());
        }
    }

    @Test
    void aLineIsOneLineAndBounded() throws Exception {
        try (Outputs outputs = open(1 << 20, 3)) {
            outputs.sink("a").line("out", "two\nlines\r");
            outputs.sink("a").line("out", "x".repeat(Outputs.TEXT_CHARS_MAX + 5));
            List<LogLine> lines = all(outputs);
            assertEquals("two lines ", lines.get(0).text());
            assertEquals("x".repeat(Outputs.TEXT_CHARS_MAX) + "…", lines.get(1).text());
        }
    }

    @Test
    void aDiskThatFailsCostsLinesAndNothingElse() throws IOException {
        Path inTheWay = Files.writeString(directory.resolve("file"), "");
        try (Outputs outputs = new Outputs(new OutputConfig(inTheWay, 100, 2), () -> 42)) {
            List<LogLine> lines = new CopyOnWriteArrayList<>();
            outputs.follow("a", 10, lines::add);
            outputs.sink("a").line("out", "heard all the same");
            await().atMost(LONG).until(() -> lines.size() == 1);
        }
    }

    @Test
    void differentProcessesHaveDifferentFiles() {
        assertEquals("a%2fb", OutputFiles.fileName("a/b"));
        assertEquals("%2e%2e", OutputFiles.fileName(".."));
        assertNotEquals(OutputFiles.fileName("A"), OutputFiles.fileName("a"));
        String long1 = "x".repeat(400) + "1";
        String long2 = "x".repeat(400) + "2";
        assertNotEquals(OutputFiles.fileName(long1), OutputFiles.fileName(long2));
        assertTrue(OutputFiles.fileName(long1).length() < 200);
    }
}
