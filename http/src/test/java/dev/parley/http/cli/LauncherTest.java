package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code parley}, copied to where there is nothing to build. */
final class LauncherTest {
    @TempDir
    Path directory;

    @Test
    void withoutAJdkItSaysWhichOneIsNeededInOneSentence() throws Exception {
        assertEquals(
                List.of("parley: a JDK of 21 or newer is needed and none was found; install one, or name it with"
                        + " PARLEY_JAVA_HOME"),
                run(70, Map.of("PARLEY_JAVA_HOME", "/nowhere"), "dev"));
    }

    @Test
    void itBecomesTheJvmWithTheJarAndTheWordsGiven() throws Exception {
        Path jar = Files.createDirectories(directory.resolve("http/target")).resolve("parley.jar");
        Files.writeString(jar, "");
        Path home = directory.resolve("a jdk");
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"21.0.1\"\n");
        executable(home.resolve("bin/java"), "#!/bin/sh\nfor word; do echo \"$word\"; done\n");

        List<String> words =
                run(0, Map.of("PARLEY_JAVA_HOME", home.toString(), "PARLEY_JAVA_OPTIONS", "-Xmx1g -Da=b"), "kv", "a b");

        assertEquals(
                List.of("-Xmx1g", "-Da=b", "-jar", jar.toRealPath().toString(), "kv", "a b"),
                words.subList(words.indexOf("-Xmx1g"), words.size()));
        assertTrue(words.contains("-Xmx384m") && words.indexOf("-Xmx384m") < words.indexOf("-Xmx1g"), words.toString());
    }

    private List<String> run(int exitCode, Map<String, String> environment, String... words) throws Exception {
        Path script = directory.resolve("parley");
        executable(script, Files.readString(Path.of("..", "parley")));
        var command = new java.util.ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = process.inputReader().lines().toList();
        assertEquals(exitCode, process.waitFor(), lines.toString());
        return lines;
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
