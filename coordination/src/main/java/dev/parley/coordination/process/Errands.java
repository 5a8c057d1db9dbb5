package dev.parley.coordination.process;

import dev.parley.coordination.process.Assignment.Intensity;
import dev.parley.coordination.process.ProcessHost.Held;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.Processes;
import dev.parley.store.kv.Processes.Placement;
import dev.parley.store.kv.Processes.Process;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a node has to do so that it runs what is placed on it and nothing else. Decides only. */
final class Errands {
    private Errands() {}

    /** Something to do. */
    sealed interface Errand {}

    record Start(Assignment assignment) implements Errand {}

    /** @param told whether the cluster waits to hear that it stopped */
    record Stop(Held held, Duration within, boolean told) implements Errand {}

    /** Nothing of it runs, and it is not to run: its place is free. */
    record Release(Held held) implements Errand {}

    /** @param over instances that ended here, of which the agreed state may not know yet; the ones it knows are taken out */
    static List<Errand> decide(MapView view, String node, Collection<Held> held, Set<Held> over, boolean taking) {
        Map<Held, Placement> own = new HashMap<>();
        for (Placement placement : Processes.placements(view)) {
            if (placement.node().equals(node) && !placement.stage().isOver() && placement.isAttended(view)) {
                own.put(new Held(placement.name(), placement.token()), placement);
            }
        }
        over.retainAll(own.keySet());
        Set<Held> running = new HashSet<>(held);
        Set<String> names = held.stream().map(Held::name).collect(Collectors.toSet());
        List<Errand> errands = new ArrayList<>();
        for (Held each : running) {
            stop(view, each, Optional.ofNullable(own.get(each)), taking).ifPresent(errands::add);
        }
        own.forEach((each, placement) -> {
            if (!running.contains(each) && !over.contains(each) && !names.contains(each.name())) {
                Optional<Process> process = wanted(view, placement).filter(found -> taking);
                errands.add(process.<Errand>map(found -> new Start(assignment(view, found, placement)))
                        .orElseGet(() -> new Release(each)));
            }
        });
        return errands;
    }

    private static Optional<Errand> stop(MapView view, Held held, Optional<Placement> placement, boolean taking) {
        if (taking && placement.flatMap(found -> wanted(view, found)).isPresent()) {
            return Optional.empty();
        }
        Duration within = Processes.find(view, held.name())
                .map(process -> Duration.ofMillis(process.specification().stopTimeoutMillis()))
                .orElse(Duration.ofSeconds(5));
        return Optional.of(new Stop(held, within, placement.isPresent()));
    }

    private static Optional<Process> wanted(MapView view, Placement placement) {
        return Processes.find(view, placement.name())
                .filter(process -> process.run() && placement.isOf(process) && !placement.withdrawn());
    }

    private static Assignment assignment(MapView view, Process process, Placement placement) {
        ProcessSpecification specification = process.specification();
        Optional<byte[]> state = specification.handOver()
                ? Processes.handedOver(view, process.name()).map(Bytes::toArray)
                : Optional.empty();
        return new Assignment(
                process.name(),
                specification.kind(),
                specification.argumentsJson(),
                placement.token(),
                placement.node(),
                specification.restart(),
                new Intensity(specification.restartsMax(), Duration.ofMillis(specification.withinMillis())),
                Duration.ofMillis(specification.startTimeoutMillis()),
                Duration.ofMillis(specification.stopTimeoutMillis()),
                state,
                specification.metadata());
    }
}
