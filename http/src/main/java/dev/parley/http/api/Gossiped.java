package dev.parley.http.api;

import dev.parley.coordination.channel.Channels;
import dev.parley.coordination.chat.Chat;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.group.Groups;

/** The gossiped plane of this node, as far as requests reach it. */
public record Gossiped(Mesh mesh, Groups groups, Channels channels, Chat chat) {}
