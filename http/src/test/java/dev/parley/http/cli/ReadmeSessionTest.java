package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Types what the README's first session shows, and compares what comes. Where it has {@code …}, anything may stand. */
@Tag("processes")
final class ReadmeSessionTest {
    private static final String MARK = "--- answered ---";

    private record Step(String command, List<String> expected) {}

    @TempDir
    Path directory;

    @Test
    @Timeout(400)
    void theSessionOfTheReadmeIsWhatHappens() throws Exception {
        int port = ParleyProcess.freePorts(1);
        List<Step> steps = steps(port);
        assertTrue(steps.size() >= 6, steps.toString());
        writeLauncher();
        var builder = new ProcessBuilder("bash").directory(directory.toFile());
        builder.redirectError(directory.resolve("stderr").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
        builder.environment().put("PARLEY_HTTP_PORT", Integer.toString(port));
        builder.environment().put("PARLEY_ENDPOINT", "http://127.0.0.1:" + port);
        Process shell = builder.start();
        List<ProcessHandle> children = new ArrayList<>();
        try (var input = new PrintWriter(shell.getOutputStream(), true, StandardCharsets.UTF_8);
                BufferedReader output = shell.inputReader()) {
            for (Step step : steps) {
                run(step, input, output);
                shell.descendants().forEach(children::add);
            }
            assertFalse(children.isEmpty());
            input.println("wait; exit 0");
            assertEquals(0, shell.waitFor());
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
    }

    private void run(Step step, PrintWriter input, BufferedReader output) throws IOException {
        boolean background = step.command().endsWith("&");
        input.println(background ? step.command() : step.command() + "; printf '\\n" + MARK + "\\n'");
        List<String> lines = new ArrayList<>();
        while (!background || lines.size() < step.expected().size()) {
            String line = output.readLine();
            if (line == null || line.equals(MARK)) {
                break;
            }
            lines.add(line);
        }
        while (!lines.isEmpty() && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        assertEquals(
                step.expected().size(),
                lines.size(),
                () -> step.command() + " answered " + lines + " and said " + stderr());
        for (int i = 0; i < lines.size(); i++) {
            String expected = step.expected().get(i);
            String came = lines.get(i);
            assertTrue(
                    Pattern.matches(
                            Arrays.stream(expected.split("…", -1))
                                    .map(Pattern::quote)
                                    .collect(Collectors.joining(".*")),
                            came),
                    () -> step.command() + " should answer " + expected + " and answered " + came);
        }
    }

    private String stderr() {
        try {
            return Files.readString(directory.resolve("stderr"));
        } catch (IOException none) {
            return "nothing";
        }
    }

    private static List<Step> steps(int port) throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        String session = readme.substring(readme.indexOf("<!-- session -->"));
        session = session.substring(session.indexOf("```console\n") + "```console\n".length());
        session = session.substring(0, session.indexOf("```")).replace("7070", Integer.toString(port));
        List<Step> steps = new ArrayList<>();
        for (String line : session.lines().toList()) {
            if (line.startsWith("$ ")) {
                steps.add(new Step(line.substring(2), new ArrayList<>()));
            } else {
                steps.getLast().expected().add(line);
            }
        }
        return steps;
    }

    /** Stands for ./parley, which would build what is being built. */
    private void writeLauncher() throws IOException {
        String java =
                ParleyProcess.java().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path launcher = Files.writeString(directory.resolve("parley"), "#!/bin/sh\nexec " + java + " \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
