package dev.parley.coordination.hook;

import dev.parley.coordination.control.Event;

/**
 * Code of others that is told of events, found by {@link java.util.ServiceLoader} when the node starts. Each has a thread of
 * its own and is told of the events of its node and of the cluster one after the other, in the order in which the node lists
 * them, from the node's start on. One that throws is told of the next event all the same. One that is slow delays nobody; it
 * misses what the node does not list any more, see {@link dev.parley.coordination.control.EventLog}.
 */
public interface EventListener {
    /** Which events it is told of; all, unless it says otherwise. */
    default boolean wants(Event event) {
        return true;
    }

    /** May block. Interrupted when the node stops. */
    void happened(Event event);
}
