package dev.parley.coordination.group;

import dev.parley.store.kv.Bytes;

/**
 * A member of a group, as it is shown.
 *
 * @param node through which it joined
 * @param data JSON that came with it; empty when there was none
 * @param joinedAtMillis wall clock of the node, for people
 */
public record GroupMember(String member, String node, Bytes data, long joinedAtMillis) {}
