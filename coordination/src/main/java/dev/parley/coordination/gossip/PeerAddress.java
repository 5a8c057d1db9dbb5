package dev.parley.coordination.gossip;

/**
 * Where a node of the cluster is reached.
 *
 * @param url such as {@code http://10.0.0.1:7070}, without a path
 */
public record PeerAddress(String node, String url) {}
