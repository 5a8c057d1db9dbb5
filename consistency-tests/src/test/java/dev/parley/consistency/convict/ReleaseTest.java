package dev.parley.consistency.convict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.cluster.NodeBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is wrong on purpose must not get to anybody who did not ask for it. */
class ReleaseTest {
    private static final Path ROOT = Path.of("..");
    private static final Path JAR = ROOT.resolve("http/target/parley.jar");
    private static final Path JAVA = Path.of("/bin/java");

    /** The sources that some variant changes. */
    private static TreeSet<String> changedSources() throws IOException {
        TreeSet<String> sources = new TreeSet<>();
        try (Stream<Path> patches = Files.list(Path.of("variants"))) {
            for (Path patch :
                    patches.filter(file -> file.toString().endsWith(".patch")).toList()) {
                Files.readAllLines(patch).stream()
                        .filter(line -> line.startsWith("+++ b/"))
                        .forEach(line -> sources.add(line.substring(6)));
            }
        }
        return sources;
    }

    @Test
    @Tag("processes")
    void theJarHoldsOfEveryClassThatAVariantChangesTheRightOne() throws IOException {
        assertTrue(Files.isRegularFile(JAR), "package the module http first");
        TreeSet<String> sources = changedSources();
        assertFalse(sources.isEmpty());
        try (ZipFile jar = new ZipFile(JAR.toFile())) {
            for (String source : sources) {
                String module = source.substring(0, source.indexOf('/'));
                String name = source.replaceFirst(".*/src/main/java/", "").replace(".java", ".class");
                ZipEntry entry = jar.getEntry(name);
                byte[] right = Files.readAllBytes(
                        ROOT.resolve(module).resolve("target/classes").resolve(name));
                assertArrayEquals(right, jar.getInputStream(entry).readAllBytes(), name);
            }
            assertEquals(
                    List.of(),
                    jar.stream()
                            .map(ZipEntry::getName)
                            .filter(name -> name.contains("variant") || name.endsWith(".patch"))
                            .toList());
        }
    }

    @Test
    void aNodeThatIsNoVariantRunsNothingButTheJar() {
        List<String> command = NodeBuild.right(JAVA, Path.of("/parley.jar")).nodeCommand();
        assertEquals(List.of("-jar", "/parley.jar", "node"), command.subList(command.size() - 3, command.size()));
        assertTrue(
                command.stream().noneMatch(word -> word.contains("-cp") || word.contains("classpath")),
                command::toString);
    }

    @Test
    void aVariantRunsItsClassesInFrontOfTheJar() {
        NodeBuild wrong = new NodeBuild(JAVA, Path.of("/parley.jar"), Optional.of(Path.of("/variants/stale-reads")));
        List<String> command = wrong.nodeCommand();
        assertEquals(
                List.of("-cp", "/variants/stale-reads:/parley.jar", "dev.parley.http.cli.Main", "node"),
                command.subList(command.size() - 4, command.size()));
    }
}
