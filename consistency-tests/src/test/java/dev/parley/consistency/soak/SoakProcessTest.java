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

/** A round of every soak, on real nodes; two of {@code flips}, as each round damages another kind of file. In full: {@code ./parley soak}. */
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
        int rounds = name.equals("flips") ? 2 : 1;
        Soak.Result result = soak.run(NodeBuild.right(JAVA, JAR), directory.resolve(name), rounds, 1, told::add);
        assertEquals(Answer.VALID, result.answer(), () -> result.remark() + " " + told);
        assertEquals(rounds, result.shown());
        assertTrue(result.acknowledged() >= 40, "too little was written");
    }
}
