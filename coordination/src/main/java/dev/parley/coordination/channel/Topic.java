package dev.parley.coordination.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The last messages of one topic, in the order in which this node got them, and of each publisher how far. Pure. Not
 * thread-safe.
 */
final class Topic {
    private final int messagesMax;
    private final int bytesMax;
    private final Deque<ChannelMessage> last = new ArrayDeque<>();
    private final SortedMap<Publisher, Long> heads = new TreeMap<>();
    private long received;
    private int bytes;

    Topic(int messagesMax, int bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    /** Of the publisher: its next message. */
    long nextSequence(Publisher publisher) {
        return heads.getOrDefault(publisher, 0L) + 1;
    }

    /**
     * Takes a message unless it is known, or one before it is missing and can still be had.
     *
     * @param floor the first number of this publisher that whoever sent the message still has
     * @return whether it was taken
     */
    boolean take(ChannelMessage message, long floor) {
        long next = nextSequence(message.publisher());
        boolean lost = next < floor && message.sequence() == floor; // nobody will bring what is in between
        if (message.sequence() != next && !lost) {
            return false;
        }
        heads.put(message.publisher(), message.sequence());
        last.add(message);
        received++;
        bytes += message.bytes();
        while (last.size() > messagesMax || bytes > bytesMax && last.size() > 1) {
            bytes -= last.remove().bytes();
        }
        return true;
    }

    /** Of each publisher the last number. */
    Position newest() {
        return Position.of(heads);
    }

    boolean isEmpty() {
        return heads.isEmpty();
    }

    /** How many were ever taken; a reader who knows it can wait for more. */
    long received() {
        return received;
    }

    /** Messages that the position does not cover, in the order in which they came. */
    List<ChannelMessage> after(Position position, int limit) {
        return last.stream()
                .filter(message -> !position.covers(message))
                .limit(limit)
                .toList();
    }

    /** A message, and from which number on this node has its publisher's. */
    record Sent(ChannelMessage message, long floor) {}

    /** What somebody who is at the position lacks, each publisher's in order, up to a size. */
    List<Sent> missing(Position theirs, int messagesMaxNow, int bytesMaxNow) {
        if (heads.entrySet().stream()
                .allMatch(head -> theirs.seen().getOrDefault(head.getKey(), 0L) >= head.getValue())) {
            return List.of();
        }
        Map<Publisher, Long> floors = floors(last);
        List<Sent> missing = new ArrayList<>();
        int size = 0;
        for (ChannelMessage message : last) {
            if (!theirs.covers(message)) {
                size += message.bytes();
                if (missing.size() == messagesMaxNow || size > bytesMaxNow && !missing.isEmpty()) {
                    break;
                }
                missing.add(new Sent(message, floors.get(message.publisher())));
            }
        }
        return missing;
    }

    private static Map<Publisher, Long> floors(Collection<ChannelMessage> messages) {
        Map<Publisher, Long> floors = new HashMap<>();
        messages.forEach(message -> floors.putIfAbsent(message.publisher(), message.sequence()));
        return floors;
    }
}
