package dev.parley.store.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What one node holds of a room: a floor, the messages above it, and which messages it ever had. Two states become one by
 * the higher floor and the union above it; in whatever order and however often that is done, the result is the same.
 * Pure. Not thread-safe.
 */
public final class RoomState {
    private final NavigableMap<ChatId, ChatMessage> messages = new TreeMap<>();
    private final Coverage coverage = new Coverage();
    private ChatId floor = ChatId.LOWEST;
    private long bytes;
    private long dropped;

    /** @return whether it is new here, and above the floor */
    public boolean add(ChatMessage message) {
        if (!coverage.add(message) || message.id().compareTo(floor) <= 0) {
            return false;
        }
        messages.put(message.id(), message);
        bytes += message.bytes();
        return true;
    }

    /** Gives up every message up to this one; those that come later are only remembered as known. */
    public void raiseFloor(ChatId to) {
        if (to.compareTo(floor) <= 0) {
            return;
        }
        floor = to;
        NavigableMap<ChatId, ChatMessage> below = messages.headMap(to, true);
        for (ChatMessage message : below.values()) {
            bytes -= message.bytes();
            dropped++;
        }
        below.clear();
    }

    /** Gives up the oldest messages until the others fit. @return how many were given up */
    public long keepWithin(long bytesMax) {
        long before = dropped;
        while (bytes > bytesMax && messages.size() > 1) {
            raiseFloor(messages.firstKey());
        }
        return dropped - before;
    }

    /** Takes in what another state holds. */
    public void merge(RoomState other) {
        raiseFloor(other.floor);
        other.messages.values().forEach(this::add);
        coverage.addAll(other.coverage);
    }

    /** In their order. */
    public NavigableMap<ChatId, ChatMessage> messages() {
        return Collections.unmodifiableNavigableMap(messages);
    }

    public ChatId floor() {
        return floor;
    }

    /** A copy. */
    public Coverage coverage() {
        return new Coverage(coverage);
    }

    public boolean covers(ChatMessage message) {
        return coverage.contains(message);
    }

    /** How many messages were given up here. */
    public long dropped() {
        return dropped;
    }

    public long bytes() {
        return bytes;
    }

    /** The newest, oldest first. */
    public List<ChatMessage> last(int limit) {
        return newestFirst(messages, limit);
    }

    /** The newest of those before a stamp, oldest first. */
    public List<ChatMessage> before(ChatId id, int limit) {
        return newestFirst(messages.headMap(id, false), limit);
    }

    private static List<ChatMessage> newestFirst(NavigableMap<ChatId, ChatMessage> from, int limit) {
        List<ChatMessage> found = new ArrayList<>(
                from.descendingMap().values().stream().limit(limit).toList());
        Collections.reverse(found);
        return found;
    }

    /** The oldest of those behind a stamp, oldest first. */
    public List<ChatMessage> after(ChatId id, int limit) {
        return messages.tailMap(id, false).values().stream().limit(limit).toList();
    }

    /** Messages that somebody with this coverage lacks, oldest first. */
    public List<ChatMessage> missing(Coverage theirs, int limit) {
        if (coverage.equals(theirs)) {
            return List.of();
        }
        return messages.values().stream()
                .filter(message -> !theirs.contains(message))
                .limit(limit)
                .toList();
    }
}
