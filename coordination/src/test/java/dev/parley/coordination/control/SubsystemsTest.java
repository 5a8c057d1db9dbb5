package dev.parley.coordination.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.control.Subsystems.Change;
import dev.parley.coordination.control.Subsystems.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class SubsystemsTest {
    private static final List<String> EXPECTED = List.of("cluster", "gateway", "notification", "persistence", "store");

    @Test
    @DisplayName("H8, H11, H13: in whatever order the parts come up, the node is ready with the last and not before")
    void theNodeIsReadyWithTheLastPartInWhateverOrder() {
        for (int seed = 0; seed < 50; seed++) {
            List<String> order = new ArrayList<>(EXPECTED);
            Collections.shuffle(order, new Random(seed));
            Subsystems parts = Subsystems.starting(EXPECTED);
            Map<String, Boolean> working = new TreeMap<>();
            EXPECTED.forEach(name -> working.put(name, false));
            List<Change> told = new ArrayList<>();
            for (String name : order) {
                assertFalse(parts.isReady());
                assertEquals("starting", parts.status());
                working.put(name, true);
                Subsystems.Looked looked = parts.look(working);
                parts = looked.now();
                told.addAll(looked.changes());
            }
            assertTrue(parts.isReady());
            assertEquals("ready", parts.status());
            assertEquals(new Change("system_ready", ""), told.getLast());
            assertEquals(
                    order,
                    told.stream()
                            .filter(change -> change.name().equals("subsystem_ready"))
                            .map(Change::part)
                            .toList());
        }
    }

    @Test
    @DisplayName("H14, H15: a part that fails degrades the node and leaves the others ready")
    void aPartThatFailsDegradesTheNodeUntilItIsBack() {
        Subsystems ready = Subsystems.starting(EXPECTED).look(all(true)).now();
        Map<String, Boolean> broken = all(true);
        broken.put("store", false);

        Subsystems.Looked looked = ready.look(broken);
        assertEquals(List.of(new Change("subsystem_failed", "store"), new Change("degraded", "")), looked.changes());
        assertEquals("degraded", looked.now().status());
        assertEquals(List.of("store"), looked.now().in(State.FAILED));
        assertEquals(List.of("store"), looked.now().missing());
        assertEquals(4, looked.now().in(State.READY).size());
        assertEquals(List.of(), looked.now().look(broken).changes());
        assertEquals(
                List.of(new Change("subsystem_ready", "store"), new Change("system_ready", "")),
                looked.now().look(all(true)).changes());
    }

    @Test
    @DisplayName("H20: a part that is added while the node runs is expected from then on")
    void aPartThatIsAddedIsExpected() {
        Subsystems ready = Subsystems.starting(EXPECTED).look(all(true)).now();
        Map<String, Boolean> more = all(true);
        more.put("chat", false);
        Subsystems.Looked added = ready.look(more);
        assertEquals(List.of(new Change("subsystem_starting", "chat"), new Change("degraded", "")), added.changes());
        assertEquals(List.of("chat"), added.now().missing());
        more.put("chat", true);
        assertTrue(added.now().look(more).now().isReady());
    }

    @Test
    @DisplayName("H19: the changes, told again, give the same state")
    void theStateFollowsFromWhatWasTold() {
        Subsystems parts = Subsystems.starting(EXPECTED);
        Map<String, State> followed = new TreeMap<>();
        EXPECTED.forEach(name -> followed.put(name, State.STARTING));
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            Map<String, Boolean> working = new TreeMap<>();
            EXPECTED.forEach(name -> working.put(name, random.nextInt(4) > 0));
            Subsystems.Looked looked = parts.look(working);
            parts = looked.now();
            for (Change change : looked.changes()) {
                switch (change.name()) {
                    case "subsystem_ready" -> followed.put(change.part(), State.READY);
                    case "subsystem_failed" -> followed.put(change.part(), State.FAILED);
                    default -> {}
                }
            }
            assertEquals(followed, new TreeMap<>(parts.parts()));
        }
    }

    private static Map<String, Boolean> all(boolean working) {
        Map<String, Boolean> parts = new TreeMap<>();
        EXPECTED.forEach(name -> parts.put(name, working));
        return parts;
    }
}
