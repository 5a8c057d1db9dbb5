package dev.parley.coordination.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parts of a node and how they are. All begin at once; the node is ready when everything expected is. Immutable: a
 * look at the parts makes a new one, and what changed are the events.
 *
 * <pre>
 *   STARTING --> READY <--> FAILED
 *       +-----------------------^
 * </pre>
 */
public record Subsystems(Map<String, State> parts, boolean readyOnce) {
    /** How a part is. */
    public enum State {
        STARTING,
        READY,
        FAILED
    }

    public Subsystems {
        parts = Map.copyOf(parts);
    }

    public static Subsystems starting(List<String> expected) {
        Map<String, State> parts = new TreeMap<>();
        expected.forEach(name -> parts.put(name, State.STARTING));
        return new Subsystems(parts, false);
    }

    public List<String> expected() {
        return parts.keySet().stream().sorted().toList();
    }

    public List<String> in(State wanted) {
        return parts.entrySet().stream()
                .filter(part -> part.getValue() == wanted)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Expected and not ready. */
    public List<String> missing() {
        return expected().stream()
                .filter(name -> parts.get(name) != State.READY)
                .toList();
    }

    public boolean isReady() {
        return missing().isEmpty();
    }

    /** {@code starting}, {@code ready} or, after it was ready once, {@code degraded}. */
    public String status() {
        return isReady() ? "ready" : readyOnce ? "degraded" : "starting";
    }

    /** @param name as events are named @param part which it is about; empty when it is the node */
    public record Change(String name, String part) {}

    /** What came of a look, and what changed by it, in the order in which it is to be told. */
    public record Looked(Subsystems now, List<Change> changes) {}

    /**
     * @param working whether each part works now; one that is not known yet is expected from now on, too. A part that never
     *     worked is still starting.
     */
    public Looked look(Map<String, Boolean> working) {
        Map<String, State> next = new TreeMap<>(parts);
        List<Change> changes = new ArrayList<>();
        new TreeMap<>(working).forEach((name, works) -> {
            State before = parts.getOrDefault(name, State.STARTING);
            State now = works ? State.READY : before == State.STARTING ? State.STARTING : State.FAILED;
            if (!parts.containsKey(name)) {
                changes.add(new Change("subsystem_starting", name));
            }
            if (now != before) {
                changes.add(new Change(now == State.READY ? "subsystem_ready" : "subsystem_failed", name));
            }
            next.put(name, now);
        });
        Subsystems looked = new Subsystems(next, readyOnce);
        if (looked.isReady() && !isReady()) {
            changes.add(new Change("system_ready", ""));
        } else if (!looked.isReady() && isReady()) {
            changes.add(new Change("degraded", ""));
        }
        return new Looked(new Subsystems(next, readyOnce || looked.isReady()), List.copyOf(changes));
    }
}
