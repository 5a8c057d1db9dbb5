package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random logs, with flushes and merges that end at random moments, against the map as it is defined. */
@Tag("simulation")
final class RandomScriptTest {
    private final Queue<Runnable> background = new ArrayDeque<>();

    private TableStore open(SimulatedDisk disk, SplittableRandom random) {
        background.clear();
        TableConfig config =
                TableConfig.DEFAULT.withFlushLogEntries(1 + random.nextInt(20)).withMerging(2 + random.nextInt(3), 50);
        return TableStore.open(disk, config, background::add, () -> new UUID(1, 1));
    }

    private void runSome(SplittableRandom random) {
        while (!background.isEmpty() && random.nextInt(4) > 0) {
            background.remove().run();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyReadAgreesWithTheModelThroughFlushesMergesAndReopenings(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Script script = new Script(seed, 5 + random.nextInt(60), 6000, seed % 2 == 0);
        ModelMap model = new ModelMap();
        SimulatedDisk disk = new SimulatedDisk();
        TableStore store = open(disk, random);
        long modelled = 0;
        for (int rounds = 0; rounds < 4; rounds++) {
            long until = modelled + 1 + random.nextInt(250);
            for (long entry = store.position().applied().value() + 1; entry <= until; entry++) {
                store.publish(script.apply(store.map(), entry));
                if (entry > modelled) {
                    script.apply(model, entry);
                    modelled = entry;
                }
                runSome(random);
                store.maintain(entry);
                if (entry == modelled && random.nextInt(10) == 0) {
                    someReads(model, store, script, random);
                }
            }
            try (StateView view = store.view()) {
                Compare.everything(model, view, store.position().revision(), script, "seed " + seed);
            }
            store.close();
            store = open(disk, random);
        }
        store.close();
    }

    private static void someReads(ModelMap model, TableStore store, Script script, SplittableRandom random) {
        long revision = store.position().revision();
        try (StateView view = store.view()) {
            Compare.someReads(model, view, revision, script, random, "view, seed " + script.seed());
            Compare.someReads(model, store.map(), revision, script, random, "map, seed " + script.seed());
            Compare.cells(model, view, script, "seed " + script.seed());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void aCrashAtAnyStepLosesNothingDurableAndLeavesNothingTorn(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Script script = new Script(seed, 30, 4000, seed % 2 == 0);
        SimulatedDisk disk = new SimulatedDisk();
        Position durable = Position.START;
        for (int crashes = 0; crashes < 40; crashes++) {
            disk.crashAfter(random.nextInt(200));
            durable = runUntilCrash(disk, script, random, durable);
            disk = disk.afterCrash(random);
            durable = expectModel(disk, script, random, durable, "seed " + seed + ", crash " + crashes);
        }
        assertTrue(durable.applied().value() > 100, "it never came far: " + durable);
    }

    /** @return the last position that was said to be durable */
    private Position runUntilCrash(SimulatedDisk disk, Script script, SplittableRandom random, Position before) {
        Position durable = before;
        try (TableStore store = open(disk, random)) {
            for (long entry = store.position().applied().value() + 1; entry < 100_000; entry++) {
                store.publish(script.apply(store.map(), entry));
                runSome(random);
                store.maintain(entry);
                durable = store.durable();
            }
            throw new AssertionError("it never crashed");
        } catch (SimulatedDisk.Crash crash) {
            return durable;
        }
    }

    private Position expectModel(
            SimulatedDisk disk, Script script, SplittableRandom random, Position durable, String what) {
        try (TableStore store = open(disk, random);
                StateView view = store.view()) {
            Position found = store.position();
            assertTrue(found.applied().isAtLeast(durable.applied()), what + ": " + found + " is before " + durable);
            ModelMap model = new ModelMap();
            Position expected = Position.START;
            for (long entry = 1; entry <= found.applied().value(); entry++) {
                expected = script.apply(model, entry);
            }
            assertEquals(expected, found, what);
            Compare.everything(model, view, found.revision(), script, what);
            Compare.someReads(model, view, found.revision(), script, random, what);
            return found;
        }
    }
}
