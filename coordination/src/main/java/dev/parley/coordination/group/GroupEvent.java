package dev.parley.coordination.group;

import dev.parley.store.kv.Bytes;

/** What happens in a group, in the order in which this node sees it. */
public sealed interface GroupEvent {
    record Joined(GroupMember member) implements GroupEvent {}

    record Left(GroupMember member) implements GroupEvent {}

    /** @param node through which it was sent */
    record Message(String node, Bytes data) implements GroupEvent {}
}
