package dev.parley.coordination.process;

import dev.parley.store.kv.MapView;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.Processes;
import dev.parley.store.kv.Processes.Placement;
import dev.parley.store.kv.Processes.Process;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a process stands, as those see it who ask.
 *
 * @param state of all its instances together
 * @param owner the instance that answers for it; never one on a node that is known to be gone
 * @param revision that changed any of this last
 */
public record Standing(
        Process process, State state, Optional<Instance> owner, List<Instance> instances, long revision) {
    /** What of several instances names the whole, the first that any of them has. */
    public enum State {
        FAILED,
        ORPHANED,
        STOPPING,
        STARTING,
        PENDING,
        RUNNING,
        STOPPED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<State> ofText(String text) {
            for (State each : values()) {
                if (each.text().equals(text)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }
    }

    /** One instance of it. */
    public record Instance(Placement placement, State state) {
        public boolean isOn(String node) {
            return state != State.ORPHANED && placement.node().equals(node);
        }
    }

    public Standing {
        instances = List.copyOf(instances);
    }

    public static Standing of(MapView view, Process process) {
        List<Instance> instances = Processes.placements(view, process.name()).stream()
                .map(placement -> new Instance(placement, stateOf(view, process, placement)))
                .toList();
        Optional<Instance> owner = instances.stream()
                .filter(instance -> instance.state() != State.ORPHANED)
                .findFirst();
        long revision = instances.stream()
                .mapToLong(instance -> instance.placement().revision())
                .reduce(process.revision(), Math::max);
        return new Standing(process, stateOf(process, instances), owner, instances, revision);
    }

    private static State stateOf(MapView view, Process process, Placement placement) {
        return switch (placement.stage()) {
            case FAILED -> State.FAILED;
            case FINISHED -> State.STOPPED;
            case PLACED, RUNNING -> {
                if (!placement.isAttended(view)) {
                    yield State.ORPHANED;
                }
                if (placement.withdrawn() || !process.run() || !placement.isOf(process)) {
                    yield State.STOPPING;
                }
                yield placement.stage() == Processes.Stage.RUNNING ? State.RUNNING : State.STARTING;
            }
        };
    }

    private static State stateOf(Process process, List<Instance> instances) {
        if (!process.run()) {
            boolean stopping = instances.stream().anyMatch(instance -> instance.state() == State.STOPPING);
            return stopping ? State.STOPPING : State.STOPPED;
        }
        int wanted = Math.max(1, process.specification().instances());
        State worst =
                instances.stream().map(Instance::state).min(State::compareTo).orElse(State.PENDING);
        boolean missing = process.specification().instances() != ProcessSpecification.EVERY_NODE
                && instances.size() < wanted
                && State.PENDING.compareTo(worst) < 0;
        return missing ? State.PENDING : worst;
    }
}
