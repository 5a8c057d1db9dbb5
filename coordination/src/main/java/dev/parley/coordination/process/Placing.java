package dev.parley.coordination.process;

import dev.parley.store.kv.Attendants;
import dev.parley.store.kv.Attendants.Attendant;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.PlacementCommand;
import dev.parley.store.kv.PlacementCommand.ForgetInstance;
import dev.parley.store.kv.PlacementCommand.PlaceInstance;
import dev.parley.store.kv.PlacementCommand.WithdrawInstance;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.Processes;
import dev.parley.store.kv.Processes.Placement;
import dev.parley.store.kv.Processes.Process;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the leader changes about where processes run: decides only, from what is agreed. An instance moves when the ring
 * says another node than it did when the instance was placed, so what was moved on purpose stays, and a node that joins
 * or leaves moves only what it must.
 */
public final class Placing {
    /** Instances that are on the move at a time; the others go on where they are. */
    static final int MOVES_MAX = 16;

    private final long epoch;
    private final Map<String, Attendant> there = new HashMap<>();
    private final Set<String> draining;
    private final Map<List<String>, Ring> rings = new HashMap<>();
    private final List<PlacementCommand> commands = new ArrayList<>();
    private int moving;
    private boolean deferred;

    private Placing(long epoch, MapView view, Set<String> draining) {
        this.epoch = epoch;
        this.draining = draining;
        Attendants.all(view).forEach(attendant -> there.put(attendant.node(), attendant));
    }

    /**
     * What is to be done.
     *
     * @param moves instances that are on the move, with those that are to be
     * @param complete whether nothing is left that had to wait for its turn
     */
    public record Plan(List<PlacementCommand> commands, int moves, boolean complete) {}

    /** @param draining nodes that are to get nothing new and lose what they have */
    public static Plan decide(MapView view, long epoch, Set<String> draining, int commandsMax) {
        var placing = new Placing(epoch, view, draining);
        Map<String, List<Placement>> placed = Processes.placements(view).stream()
                .collect(Collectors.groupingBy(Placement::name, LinkedHashMap::new, Collectors.toList()));
        List<Process> processes = Processes.list(view, "", Integer.MAX_VALUE);
        Set<String> wanted = processes.stream().map(Process::name).collect(Collectors.toCollection(HashSet::new));
        placed.values().forEach(each -> each.forEach(placing::count));
        placed.forEach((name, each) -> each.stream()
                .filter(placement -> placing.isLost(placement) || isLeftOver(placement, wanted))
                .forEach(placing::forget));
        for (Process process : processes) {
            if (process.run() && placing.commands.size() < commandsMax) {
                placing.place(process, placed.getOrDefault(process.name(), List.of()));
            }
        }
        boolean complete = !placing.deferred && placing.commands.size() < commandsMax;
        List<PlacementCommand> commands = placing.commands;
        return new Plan(
                List.copyOf(commands.subList(0, Math.min(commands.size(), commandsMax))), placing.moving, complete);
    }

    private void count(Placement placement) {
        if (placement.withdrawn() && !placement.stage().isOver() && isThere(placement)) {
            moving++;
        }
    }

    private boolean isThere(Placement placement) {
        Attendant attendant = there.get(placement.node());
        return attendant != null && attendant.entered() == placement.attendance();
    }

    private boolean isLost(Placement placement) {
        return !placement.stage().isOver() && !isThere(placement);
    }

    private static boolean isLeftOver(Placement placement, Set<String> wanted) {
        return placement.stage().isOver() && !wanted.contains(placement.name());
    }

    private void forget(Placement placement) {
        commands.add(new ForgetInstance(epoch, placement.name(), placement.node(), placement.token()));
    }

    // -- one process ----------------------------------------------------------------------------------------------

    private void place(Process process, List<Placement> placed) {
        List<Placement> held = placed.stream().filter(each -> !isLost(each)).toList();
        Ring ring = ringFor(process.specification());
        if (ring.nodes().isEmpty()) {
            return; // nobody may have it: what runs on a draining node runs on until it stops
        }
        List<String> homes = homes(process, ring);
        List<String> wanted = process.specification().isSingleton() ? List.of(choice(process, ring)) : homes;
        for (Placement placement : held) {
            if (placement.isOf(process) && isToMove(process, placement, homes, wanted)) {
                withdraw(placement);
            }
        }
        Set<String> taken = held.stream().map(Placement::node).collect(Collectors.toSet());
        boolean everywhere = process.specification().instances() == ProcessSpecification.EVERY_NODE;
        int free = everywhere ? wanted.size() : wanted.size() - held.size();
        for (int i = 0; i < wanted.size() && free > 0; i++) {
            String node = wanted.get(i);
            if (!taken.contains(node)) {
                String home = process.specification().isSingleton() ? homes.getFirst() : node;
                long attendance = there.get(node).entered();
                commands.add(new PlaceInstance(epoch, process.name(), process.revision(), node, attendance, home));
                free--;
            }
        }
    }

    /** Nodes that are there, have the labels and do not drain. */
    private Ring ringFor(ProcessSpecification specification) {
        return rings.computeIfAbsent(
                specification.labels(),
                labels -> Ring.of(there.values().stream()
                        .filter(attendant -> attendant.labels().containsAll(labels))
                        .map(Attendant::node)
                        .filter(node -> !draining.contains(node))
                        .toList()));
    }

    private static List<String> homes(Process process, Ring ring) {
        int instances = process.specification().instances();
        return instances == ProcessSpecification.EVERY_NODE ? ring.nodes() : ring.owners(process.name(), instances);
    }

    /** Where it was moved to on purpose, if it can be; else the first choice of the ring it was not moved away from. */
    private static String choice(Process process, Ring ring) {
        if (ring.nodes().contains(process.target())) {
            return process.target();
        }
        List<String> owners = ring.owners(process.name(), 2);
        return owners.stream()
                .filter(node -> !node.equals(process.avoid()))
                .findFirst()
                .orElseGet(owners::getFirst);
    }

    private boolean isToMove(Process process, Placement placement, List<String> homes, List<String> wanted) {
        if (placement.withdrawn() || placement.stage().isOver() || wanted.contains(placement.node())) {
            return false;
        }
        return !process.specification().isSingleton()
                || draining.contains(placement.node())
                || !homes.contains(placement.home());
    }

    private void withdraw(Placement placement) {
        if (moving >= MOVES_MAX) {
            deferred = true;
            return;
        }
        moving++;
        commands.add(new WithdrawInstance(epoch, placement.name(), placement.node(), placement.token()));
    }

    /** Whether a node still has something that it could give away. */
    public static Optional<Placement> heldBy(MapView view, String node) {
        return Processes.placements(view).stream()
                .filter(placement -> placement.node().equals(node))
                .filter(placement -> !placement.stage().isOver() && placement.isAttended(view))
                .findFirst();
    }
}
