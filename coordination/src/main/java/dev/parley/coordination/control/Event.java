package dev.parley.coordination.control;

import dev.parley.store.kv.ClusterEvents.ClusterEvent;
import dev.parley.store.kv.ClusterEvents.Field;
import java.util.List;
import java.util.OptionalLong;

/**
 * Something that happened, on this node or in the cluster.
 *
 * @param id of a cluster event the same on every node, of a node event unique to the process
 * @param node where it happened, or which it is about
 * @param atMillis Unix ms, for people
 * @param stamp Lamport stamp: grows along cause and effect
 * @param revision of the store, of a cluster event
 * @param correlation of the request that caused it; empty when there is none
 */
public record Event(
        String id,
        Scope scope,
        String category,
        String name,
        String node,
        long atMillis,
        long stamp,
        OptionalLong revision,
        String correlation,
        List<Field> data) {
    public static final String SYSTEM = "system";
    public static final String CLUSTER = "cluster";
    public static final String LEADERSHIP = "leadership";
    public static final String PROCESSES = "processes";
    public static final String INTEGRITY = "integrity";
    public static final String HOOKS = "hooks";

    public static final String QUEUE = "queue";

    /** Above every other: what is not to be disturbed raises the queue's level to this, see {@link EventLog#raise}. */
    public static final int PRIORITY_MAX = 10;

    private static final int PRIORITY_OF_LEADERSHIP = 5;

    /** Who lists it. */
    public enum Scope {
        /** The node it happened on. */
        NODE,
        /** Every node, once, in the one order of the log. */
        CLUSTER
    }

    public Event {
        data = List.copyOf(data);
    }

    /** As every node lists it. */
    public static Event of(ClusterEvent agreed) {
        return new Event(
                "c-" + agreed.sequence(),
                Scope.CLUSTER,
                categoryOf(agreed.name()),
                agreed.name(),
                agreed.node(),
                agreed.atMillis(),
                agreed.stamp(),
                OptionalLong.of(agreed.revision()),
                agreed.correlation(),
                agreed.data());
    }

    private static String categoryOf(String name) {
        if (name.startsWith("leader_")) {
            return LEADERSHIP;
        }
        return name.startsWith("process_") || name.startsWith("redistribution_") ? PROCESSES : CLUSTER;
    }

    /** 0 to {@link #PRIORITY_MAX}; one below the queue's level is held back, see {@link EventLog#raise}. */
    public int priority() {
        return switch (category) {
            case QUEUE, INTEGRITY -> PRIORITY_MAX;
            case LEADERSHIP -> PRIORITY_OF_LEADERSHIP;
            default -> 0;
        };
    }

    /** The value of a field; empty when there is none. */
    public String field(String wanted) {
        return data.stream()
                .filter(field -> field.name().equals(wanted))
                .map(Field::value)
                .findFirst()
                .orElse("");
    }
}
