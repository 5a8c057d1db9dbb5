package dev.parley.http.api;

import dev.parley.coordination.gossip.Mesh;

/** The gossiped plane of this node, as far as requests reach it. */
public record Gossiped(Mesh mesh) {}
