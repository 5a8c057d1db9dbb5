package dev.parley.coordination.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A consistent hash ring: each node stands at many points of a circle, a name belongs to the nodes that follow its own
 * point. Equal for equal sets of nodes, on every machine and for ever; a node more or less moves only the names it gets or
 * had. Immutable.
 */
public final class Ring {
    /** Points of a node: with 512, shares differ by a few percent. */
    static final int POINTS = 512;

    private final NavigableMap<Long, String> points = new TreeMap<>();
    private final List<String> nodes;

    private Ring(Collection<String> nodes) {
        this.nodes = List.copyOf(new TreeSet<>(nodes));
        // In order of the names: of two nodes at one point, all agree on which has it.
        for (String node : this.nodes) {
            for (int i = 0; i < POINTS; i++) {
                points.putIfAbsent(hash(node + '#' + i), node);
            }
        }
    }

    public static Ring of(Collection<String> nodes) {
        return new Ring(nodes);
    }

    /** In order of their names. */
    public List<String> nodes() {
        return nodes;
    }

    /** Empty when there is no node. */
    public Optional<String> owner(String name) {
        return owners(name, 1).stream().findFirst();
    }

    /** The first {@code count} different nodes for a name, or all there are, first choice first. */
    public List<String> owners(String name, int count) {
        List<String> owners = new ArrayList<>();
        long at = hash(name);
        collect(points.tailMap(at, true), owners, count);
        collect(points.headMap(at, false), owners, count);
        return List.copyOf(owners);
    }

    private static void collect(Map<Long, String> part, List<String> owners, int count) {
        for (String node : part.values()) {
            if (owners.size() >= count) {
                return;
            }
            if (!owners.contains(node)) {
                owners.add(node);
            }
        }
    }

    /** FNV-1a, and a mix of its bits, because names that differ in the last character must lie far apart. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (unit & 0xFF)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
