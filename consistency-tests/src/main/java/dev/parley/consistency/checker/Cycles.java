package dev.parley.consistency.checker;

import dev.parley.consistency.checker.Dependencies.Edge;
import dev.parley.consistency.checker.Dependencies.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Finds cycles among dependencies and names them: G0 of writes only; G1c with reads of what was written; G-single with one overwritten read; G-nonadjacent
 * with several, never two in a row; G2 with any. The suffix tells that the order of a client, or of time, is part of the cycle.
 */
final class Cycles {

    /** What was found, and whether everything was looked at. */
    record Outcome(List<Finding> findings, boolean complete) {}

    private static final Set<Kind> WRITES = EnumSet.of(Kind.WRITE_WRITE);
    private static final Set<Kind> DATA = EnumSet.of(Kind.WRITE_WRITE, Kind.WRITE_READ);
    private static final int CYCLES_PER_COMPONENT = 3;

    private final Dependencies graph;
    private final BooleanSupplier stop;
    private boolean complete = true;

    Cycles(Dependencies graph, BooleanSupplier stop) {
        this.graph = graph;
        this.stop = stop;
    }

    Outcome find() {
        Map<String, Finding> found = new LinkedHashMap<>();
        look(found, EnumSet.noneOf(Kind.class), "");
        look(found, EnumSet.of(Kind.PROCESS), "-process");
        look(found, EnumSet.of(Kind.PROCESS, Kind.TIME), "-realtime");
        return new Outcome(List.copyOf(found.values()), complete);
    }

    /** Looks for each kind of cycle with the given order edges allowed, and with at least one of the newest of them where there is a suffix. */
    private void look(Map<String, Finding> found, Set<Kind> order, String suffix) {
        Set<Kind> writes = union(WRITES, order);
        Set<Kind> data = union(DATA, order);
        Set<Kind> all = union(EnumSet.of(Kind.WRITE_WRITE, Kind.WRITE_READ, Kind.READ_WRITE), order);
        search(found, "G0" + suffix, writes, EnumSet.noneOf(Kind.class), Shape.ANY, order);
        search(found, "G1c" + suffix, data, EnumSet.of(Kind.WRITE_READ), Shape.ANY, order);
        search(found, "G-single-item" + suffix, all, EnumSet.of(Kind.READ_WRITE), Shape.SINGLE, order);
        search(found, "G-nonadjacent-item" + suffix, all, EnumSet.of(Kind.READ_WRITE), Shape.NONADJACENT, order);
        search(found, "G2-item" + suffix, all, EnumSet.of(Kind.READ_WRITE), Shape.ANY, order);
    }

    private enum Shape {
        ANY,
        SINGLE,
        NONADJACENT
    }

    /** One cycle of these kinds that begins with an edge of the demanded kind, from each component; the shortest. */
    private void search(
            Map<String, Finding> found,
            String name,
            Set<Kind> allowed,
            Set<Kind> demanded,
            Shape shape,
            Set<Kind> order) {
        int[] component = Components.of(graph, allowed);
        Map<Integer, Integer> tried = new HashMap<>();
        List<Edge> best = List.of();
        for (int node = 0; node < graph.size(); node++) {
            for (Edge edge : graph.from(node)) {
                boolean start = demanded.isEmpty()
                        ? allowed.contains(edge.kind()) && !order.contains(edge.kind())
                        : demanded.contains(edge.kind());
                if (!start || component[edge.from()] != component[edge.to()]) {
                    continue;
                }
                if (stop.getAsBoolean()) {
                    complete = false;
                    return;
                }
                if (tried.getOrDefault(component[node], 0) >= CYCLES_PER_COMPONENT) {
                    continue;
                }
                List<Edge> cycle = close(edge, allowed, component, shape);
                if (!cycle.isEmpty()) {
                    tried.merge(component[node], 1, Integer::sum);
                    if (fits(cycle, order, shape) && (best.isEmpty() || cycle.size() < best.size())) {
                        best = cycle;
                    }
                }
            }
        }
        if (!best.isEmpty()) {
            found.put(name, finding(name, best));
        }
    }

    /** A cycle that uses none of the order edges was named without the suffix already; one with a single overwritten read is no G2. */
    private static boolean fits(List<Edge> cycle, Set<Kind> order, Shape shape) {
        long overwritten =
                cycle.stream().filter(edge -> edge.kind() == Kind.READ_WRITE).count();
        boolean newest = order.isEmpty()
                || cycle.stream()
                        .anyMatch(edge -> edge.kind() == (order.contains(Kind.TIME) ? Kind.TIME : Kind.PROCESS));
        return newest && (shape == Shape.SINGLE || overwritten != 1);
    }

    /** The shortest way back from the end of the edge to its beginning; the cycle, or nothing. */
    private List<Edge> close(Edge first, Set<Kind> allowed, int[] component, Shape shape) {
        record Place(int node, boolean afterOverwrite) {}
        Map<Place, Edge> cameBy = new HashMap<>();
        Map<Place, Place> cameFrom = new HashMap<>();
        ArrayDeque<Place> queue = new ArrayDeque<>();
        Place start = new Place(first.to(), shape == Shape.NONADJACENT);
        queue.add(start);
        cameFrom.put(start, start);
        while (!queue.isEmpty()) {
            Place place = queue.remove();
            for (Edge edge : graph.from(place.node())) {
                boolean overwrite = edge.kind() == Kind.READ_WRITE;
                boolean barred = !allowed.contains(edge.kind())
                        || component[edge.to()] != component[first.from()]
                        || overwrite && (shape == Shape.SINGLE || place.afterOverwrite())
                        || overwrite && shape == Shape.NONADJACENT && edge.to() == first.from();
                Place next = new Place(edge.to(), shape == Shape.NONADJACENT && overwrite);
                if (barred || cameFrom.putIfAbsent(next, place) != null) {
                    continue;
                }
                cameBy.put(next, edge);
                if (edge.to() == first.from()) {
                    List<Edge> cycle = new ArrayList<>();
                    for (Place at = next; !at.equals(start); at = cameFrom.get(at)) {
                        cycle.add(cameBy.get(at));
                    }
                    cycle.add(first);
                    Collections.reverse(cycle);
                    return cycle;
                }
                queue.add(next);
            }
        }
        return List.of();
    }

    private Finding finding(String name, List<Edge> cycle) {
        int n = graph.transactions().size();
        StringBuilder sentence = new StringBuilder();
        List<Integer> lines = new ArrayList<>();
        List<Edge> steps = withoutPassages(cycle, n);
        for (Edge edge : steps) {
            Transaction from = graph.transactions().get(edge.from());
            Transaction to = graph.transactions().get(edge.to());
            sentence.append(sentence.isEmpty() ? "The transaction at line " : "; that at line ")
                    .append(from.line())
                    .append(" comes before that at line ")
                    .append(to.line())
                    .append(", which ")
                    .append(reason(edge));
            lines.add(from.line());
        }
        sentence.append(". That is a circle, so no order of these ")
                .append(steps.size())
                .append(" transactions explains what they saw.");
        lines.sort(Comparator.reverseOrder());
        return new Finding(
                name,
                steps.stream()
                        .map(Edge::key)
                        .filter(key -> !key.isEmpty())
                        .findFirst()
                        .orElse(""),
                sentence.toString(),
                lines);
    }

    private static String reason(Edge edge) {
        return switch (edge.kind()) {
            case WRITE_WRITE -> "appended to " + edge.key() + " behind it";
            case WRITE_READ -> "read its append to " + edge.key();
            case READ_WRITE -> "appended to " + edge.key() + " what it did not see";
            case PROCESS -> "the same client did later";
            case TIME -> "began after it had ended";
        };
    }

    private static List<Edge> withoutPassages(List<Edge> cycle, int transactions) {
        List<Edge> plain = new ArrayList<>();
        int from = -1;
        int shift = 0;
        while (cycle.get(shift).from() >= transactions) {
            shift++;
        }
        for (int i = 0; i < cycle.size(); i++) {
            Edge edge = cycle.get((i + shift) % cycle.size());
            if (edge.to() >= transactions) {
                from = from < 0 ? edge.from() : from;
            } else {
                plain.add(from < 0 ? edge : new Edge(from, edge.to(), Kind.TIME, ""));
                from = -1;
            }
        }
        return plain;
    }

    private static Set<Kind> union(Set<Kind> a, Set<Kind> b) {
        Set<Kind> both = EnumSet.copyOf(a);
        both.addAll(b);
        return both;
    }
}
