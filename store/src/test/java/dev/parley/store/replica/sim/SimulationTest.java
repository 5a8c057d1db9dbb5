package dev.parley.store.replica.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.replica.CoreVariant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** To see one seed: {@code -Dsimulation.seed=N} prints its trace. */
@Tag("simulation")
final class SimulationTest {
    private static final long SEEDS = Long.getLong("simulation.seeds", 2_000);
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final int SEEDS_TO_CONVICT_MAX = 400;

    @Test
    void everyAnswerIsTheOneOfItsPlaceInTheLogWhateverBreaks() {
        SimClient.Progress sum = new SimClient.Progress();
        long began = System.nanoTime();
        long steps = 0;
        long installs = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Simulation simulation = new Simulation(seed, CoreVariant.RIGHT, false);
            simulation.run();
            steps += simulation.steps();
            sum.decided += simulation.progress().decided;
            sum.refused += simulation.progress().refused;
            sum.unknown += simulation.progress().unknown;
            sum.reads += simulation.progress().reads;
            sum.staleReads += simulation.progress().staleReads;
            installs += simulation.installs();
        }
        System.out.printf(
                "%d seeds, %d steps, %d ms: %d writes decided, %d refused, %d unknown, %d reads, %d stale reads, %d snapshots%n",
                SEEDS,
                steps,
                (System.nanoTime() - began) / 1_000_000,
                sum.decided,
                sum.refused,
                sum.unknown,
                sum.reads,
                sum.staleReads,
                installs);
        // A simulation in which nothing goes through, or nothing goes wrong, proves nothing.
        assertTrue(sum.decided > SEEDS * 10 && sum.reads > SEEDS * 5 && sum.staleReads > SEEDS * 2);
        assertTrue(sum.unknown > SEEDS / 2 && sum.refused > SEEDS / 2);
        assertTrue(installs > SEEDS);
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        List<String> first = trace(42);

        assertEquals(first, trace(42));
        assertTrue(first.size() > 1_000);
    }

    private static List<String> trace(long seed) {
        Simulation simulation = new Simulation(seed, CoreVariant.RIGHT, true);
        simulation.run();
        return simulation.trace();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RIGHT")
    void aReplicaThatIsWrongOnPurposeIsConvicted(CoreVariant variant) {
        AssertionError conviction = assertThrows(AssertionError.class, () -> {
            for (long seed = 1; seed <= SEEDS_TO_CONVICT_MAX; seed++) {
                new Simulation(seed, variant, false).run();
            }
        });
        System.out.println(variant + ": " + conviction.getMessage());
    }
}
