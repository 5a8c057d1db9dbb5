package dev.parley.coordination.gossip;

import dev.parley.store.kv.Bytes;

/**
 * What uses the links: groups, channels, chat. Called on the links' threads, from one peer's lane one call at a time; a
 * call that blocks holds up that lane of that peer, and nothing else.
 */
public interface PeerService {
    /** @throws dev.parley.store.kv.Malformed when nothing of ours sends that; ends the connection */
    void received(PeerIdentity from, Bytes message);

    /** From now on messages to this peer are taken, until the connection breaks: the time to compare what both know. */
    void connected(PeerIdentity peer, Lane lane);

    /** The peer began, or ceased, to answer probes. */
    default void reachable(String node, boolean reachable) {}

    /** The node is no member any more. */
    default void removed(String node) {}
}
