package dev.parley.consistency.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.NodeBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One round of every soak, on real nodes. In full: {@code ./parley soak}. */
@Tag("processes")
class SoakProcessTest {
    private static final Path JAR = Path.of("../http/target/parley.jar").toAbsolutePath();
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    private Path directory;

    static Stream<String> names() {
        return Soaks.all().stream().map(Soak::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void everythingAcknowledgedIsThereOnceAfter(String name) throws Exception {
        assertTrue(Files.isRegularFile(JAR), "package the module http first");
        Soak soak = Soaks.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        List<String> told = new ArrayList<>();
        Soak.Result result = soak.run(NodeBuild.right(JAVA, JAR), directory.resolve(name), 1, 1, told::add);
        assertEquals(Answer.VALID, result.answer(), () -> result.remark() + " " + told);
        assertEquals(1, result.shown());
        assertTrue(result.acknowledged() >= 40, "too little was written");
    }
}
