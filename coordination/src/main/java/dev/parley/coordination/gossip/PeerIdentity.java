package dev.parley.coordination.gossip;

import java.util.UUID;

/**
 * One life of a node.
 *
 * @param incarnation of the process, random
 */
public record PeerIdentity(String node, UUID incarnation) {}
