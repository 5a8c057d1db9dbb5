package dev.parley.coordination.chat;

import dev.parley.store.chat.ChatMessage;
import dev.parley.store.chat.Coverage;
import dev.parley.store.chat.RoomState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One room at this node: its history, and what came lately in the order in which it came, for those who follow. Any thread. */
final class Room {
    static final int FOLLOWED_MAX = 2_000;

    private static final int AUTHORS_OF_CHEAP_POSITION = 8;
    private static final int POSITION_EVERY = 16;

    private final RoomState state = new RoomState();
    private final Deque<Arrival> lately = new ArrayDeque<>();
    private long arrived;

    /**
     * A message as it came here.
     *
     * @param origin whoever posted it through this node
     * @param position behind it, for who read everything before; not with every message
     */
    record Arrival(ChatMessage message, Optional<Object> origin, Optional<String> position) {}

    /** @return whether it is new here */
    synchronized boolean arrive(ChatMessage message, Optional<Object> origin, long bytesMax) {
        if (!state.add(message)) {
            return false;
        }
        state.keepWithin(bytesMax);
        arrived++;
        lately.add(new Arrival(message, origin, position()));
        if (lately.size() > FOLLOWED_MAX) {
            lately.remove();
        }
        notifyAll();
        return true;
    }

    private Optional<String> position() {
        Coverage coverage = state.coverage();
        boolean cheap = coverage.numbers().size() <= AUTHORS_OF_CHEAP_POSITION;
        return cheap || arrived % POSITION_EVERY == 0
                ? Optional.of(new ChatPosition.Seen(coverage).text())
                : Optional.empty();
    }

    /** Out of the journal. */
    synchronized void restore(ChatMessage message) {
        state.add(message);
    }

    synchronized boolean covers(ChatMessage message) {
        return state.covers(message);
    }

    synchronized Coverage coverage() {
        return state.coverage();
    }

    synchronized List<ChatMessage> missing(Coverage theirs, int limit) {
        return state.missing(theirs, limit);
    }

    synchronized List<ChatMessage> all() {
        return List.copyOf(state.messages().values());
    }

    synchronized long bytes() {
        return state.bytes();
    }

    synchronized Chat.RoomInfo info(String name) {
        return new Chat.RoomInfo(
                name,
                state.messages().size(),
                state.dropped(),
                state.messages().isEmpty()
                        ? 0
                        : state.messages().lastEntry().getValue().atMillis());
    }

    // -- reading
    // --------------------------------------------------------------------------------------------------------

    synchronized Chat.Page page(Chat.Reading reading, int limit) {
        List<ChatMessage> found =
                switch (reading) {
                    case Chat.Reading.Last last -> state.last(limit + 1);
                    case Chat.Reading.Before(var id) -> state.before(id, limit + 1);
                    case Chat.Reading.After(ChatPosition.Behind(var id)) -> state.after(id, limit + 1);
                    case Chat.Reading.After(ChatPosition.Seen(var coverage)) -> state.missing(coverage, limit + 1);
                };
        boolean more = found.size() > limit;
        boolean oldestFirst = reading instanceof Chat.Reading.After;
        List<ChatMessage> page = !more ? found : oldestFirst ? found.subList(0, limit) : found.subList(1, limit + 1);
        Coverage seen = reading instanceof Chat.Reading.After(ChatPosition.Seen(var coverage))
                ? new Coverage(coverage)
                : state.coverage();
        if (reading instanceof Chat.Reading.After(ChatPosition.Seen before)) {
            page.forEach(seen::add);
        }
        return new Chat.Page(List.copyOf(page), more, new ChatPosition.Seen(seen).text());
    }

    /** Everything the position does not cover, or else the last messages, and from where on to follow. */
    synchronized Chat.Start follow(Optional<ChatPosition> after, int lastMax, int missedMax) {
        Chat.Reading reading = after.<Chat.Reading>map(Chat.Reading.After::new).orElseGet(Chat.Reading.Last::new);
        Chat.Page page = page(reading, after.isPresent() ? missedMax : lastMax);
        String position =
                page.more() && after.isPresent() ? page.position() : new ChatPosition.Seen(state.coverage()).text();
        return new Chat.Start(page.messages(), after.isPresent() && page.more(), position, arrived);
    }

    /** What came behind the cursor; waits for it. Empty when it is out of reach: the reader was too slow. */
    synchronized Optional<List<Arrival>> await(long cursor, int limit, Duration patience) throws InterruptedException {
        if (cursor == arrived) {
            wait(Math.max(1, patience.toMillis()));
        }
        long first = arrived - lately.size();
        if (cursor < first) {
            return Optional.empty();
        }
        List<Arrival> found = new ArrayList<>();
        lately.stream().skip(cursor - first).limit(limit).forEach(found::add);
        return Optional.of(found);
    }
}
