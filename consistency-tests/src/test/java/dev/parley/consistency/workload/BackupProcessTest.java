package dev.parley.consistency.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.cluster.Processes;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.run.Plan;
import dev.parley.consistency.run.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a real node under writes, restored by the release into a node of their own. */
@Tag("processes")
class BackupProcessTest {
    private static final Path JAR = Path.of("../http/target/parley.jar").toAbsolutePath();
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration AT_MOST = Duration.ofMinutes(1);

    /** Enough for one backup. */
    private static final int OPERATIONS = 95;

    @TempDir
    private Path directory;

    private static Run.Outcome run(Cluster cluster, Function<String, Workload> workload) throws InterruptedException {
        Plan plan = new Plan("backup", List.of(), AT_MOST, 4, 400, 11, AT_MOST, OPERATIONS);
        return new Run(cluster, plan, workload, none -> Optional.empty()).execute();
    }

    @Test
    void whatIsRestoredIsWhatWasBackedUpAndADamagedArchiveIsFoundOut() throws InterruptedException {
        assertTrue(Files.isRegularFile(JAR), "package the module http first");
        NodeBuild build = NodeBuild.right(JAVA, JAR);
        try (Cluster cluster = new Processes(build, 1, directory.resolve("nodes"), Map.of())) {
            Run.Outcome right = run(cluster, Workloads.made("backup", JAR));
            assertEquals(Answer.VALID, right.verdict().answer(), () -> right.verdict()
                    .findings()
                    .toString());
            assertEquals(Json.of(1), right.verdict().facts().get("backups_restored"));

            Run.Outcome wrong = run(
                    cluster,
                    prefix -> new BackupWorkload(
                            prefix, (archive, keys) -> new RestoredNode(build).restore(damaged(archive), keys)));
            assertEquals(Answer.INVALID, wrong.verdict().answer());
            assertEquals("damaged", wrong.verdict().findings().getFirst().kind());
        }
    }

    private static Path damaged(Path archive) {
        try {
            byte[] content = Files.readAllBytes(archive);
            content[content.length / 2] ^= 1;
            return Files.write(archive, content);
        } catch (IOException notWritten) {
            throw new UncheckedIOException(notWritten);
        }
    }
}
