package dev.parley.coordination.channel;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far somebody has read a topic: of each publisher the last number. Means the same on every node. To clients it is
 * opaque; the id of a message is the position that covers it and what its publisher sent before.
 */
public record Position(SortedMap<Publisher, Long> seen) {
    /** Before everything. */
    public static final Position START = new Position(new TreeMap<>());

    private static final int PUBLISHERS_MAX = 1_000;

    public Position {
        seen = Collections.unmodifiableSortedMap(new TreeMap<>(seen));
    }

    static Position of(Map<Publisher, Long> seen) {
        return new Position(new TreeMap<>(seen));
    }

    /** The position that is a message's id. */
    static Position of(Publisher publisher, long sequence) {
        return of(Map.of(publisher, sequence));
    }

    boolean covers(ChannelMessage message) {
        return seen.getOrDefault(message.publisher(), 0L) >= message.sequence();
    }

    public Position with(ChannelMessage message) {
        SortedMap<Publisher, Long> more = new TreeMap<>(seen);
        more.merge(message.publisher(), message.sequence(), Math::max);
        return new Position(more);
    }

    public String text() {
        return seen.entrySet().stream()
                .map(entry -> entry.getKey().text() + "~" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    /** Empty when the text is none. */
    public static Optional<Position> parse(String text) {
        SortedMap<Publisher, Long> seen = new TreeMap<>();
        String[] parts = text.isEmpty() ? new String[0] : text.split(",", PUBLISHERS_MAX + 1);
        if (parts.length > PUBLISHERS_MAX) {
            return Optional.empty();
        }
        for (String part : parts) {
            int tilde = part.lastIndexOf('~');
            Optional<Publisher> publisher = tilde < 0 ? Optional.empty() : Publisher.parse(part.substring(0, tilde));
            if (publisher.isEmpty() || !part.substring(tilde + 1).matches("[0-9]{1,18}")) {
                return Optional.empty();
            }
            seen.put(publisher.get(), Long.parseLong(part.substring(tilde + 1)));
        }
        return Optional.of(new Position(seen));
    }
}
