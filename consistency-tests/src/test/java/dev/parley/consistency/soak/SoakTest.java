package dev.parley.consistency.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Endpoints;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.run.StubStore;
import dev.parley.consistency.run.StubStore.Bug;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Soaks of a stub: the honest one must pass, each broken one must be found out, and a round that shows nothing must not count. */
class SoakTest {
    private static final NodeBuild NO_BUILD = NodeBuild.right(Path.of("/bin/false"), Path.of("none.jar"));

    @TempDir
    private Path directory;

    /** Leaves the cluster alone for a while, or says that it could not do what it should. */
    private record Idle(StubStore store, boolean works) implements Drill {
        @Override
        public Cluster open(NodeBuild build, Path directory) {
            return new Endpoints(store.urls());
        }

        @Override
        public String round(Scene scene, int round) {
            if (!works) {
                throw new ClusterException("nothing happened");
            }
            scene.rest(Duration.ofMillis(200), Duration.ofMillis(300));
            scene.healed();
            return "idle";
        }
    }

    private Soak.Result soak(Bug bug, boolean works, List<String> told) {
        try (StubStore store = new StubStore(3, bug)) {
            return new Soak("idle", "nothing is done", 3, () -> new Idle(store, works))
                    .run(NO_BUILD, directory, 2, 7, told::add);
        }
    }

    @Test
    void anHonestStoreIsValid() {
        List<String> told = new ArrayList<>();
        Soak.Result result = soak(Bug.NONE, true, told);
        assertEquals(Answer.VALID, result.answer(), result::remark);
        assertEquals(2, result.shown());
        assertEquals(2, told.size());
        assertTrue(result.acknowledged() >= 80, "too little was written");
    }

    @ParameterizedTest
    @CsvSource({
        "LOST_WRITES, is missing|was not there|were acknowledged",
        "STALE_READS, was not there when read",
        "WRITES_TWICE, at version 2|were sent|was acknowledged at revision",
        "DIVERGED, were acknowledged, and n3 has 0"
    })
    void aBrokenStoreIsFoundOut(Bug bug, String words) throws Exception {
        Soak.Result result = soak(bug, true, new ArrayList<>());
        assertEquals(Answer.INVALID, result.answer());
        String all = Files.readString(directory.resolve("violations.txt"));
        assertTrue(Pattern.compile(words).matcher(all).find(), all);
    }

    @Test
    void aRoundWithoutEvidenceIsUnknown() {
        Soak.Result result = soak(Bug.NONE, false, new ArrayList<>());
        assertEquals(Answer.UNKNOWN, result.answer());
        assertEquals(0, result.shown());
        assertEquals("round 1: nothing happened", result.remark());
    }
}
