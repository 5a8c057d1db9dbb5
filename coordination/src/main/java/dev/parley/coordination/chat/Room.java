package dev.parley.coordination.chat;

import dev.parley.store.chat.ChatHistory;
import dev.parley.store.chat.ChatId;
import dev.parley.store.chat.ChatMessage;
import dev.parley.store.chat.Coverage;
import dev.parley.store.chat.RoomPages;
import dev.parley.store.chat.RoomRetention;
import dev.parley.store.chat.RoomState;
import dev.parley.store.replica.DamagedTables;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One room at this node: its history, and what came lately in the order in which it came, for those who follow. Only the
 * history's owner changes it; any thread reads. Pages are read from tables, without holding anybody up.
 */
final class Room {
    static final int FOLLOWED_MAX = 2_000;

    private static final int FOLLOWED_BYTES_MAX = 4 << 20;
    private static final int AUTHORS_OF_CHEAP_POSITION = 8;
    private static final int POSITION_EVERY = 16;

    private final String name;
    private final ChatHistory history;
    private final RoomState state;
    private final Deque<Arrival> lately = new ArrayDeque<>();
    private long latelyBytes;
    private long arrived;
    private boolean changed;

    /** @param state handed over */
    Room(String name, ChatHistory history, RoomState state) {
        this.name = name;
        this.history = history;
        this.state = state;
    }

    /**
     * A message as it came here.
     *
     * @param origin whoever posted it through this node
     * @param position behind it, for who read everything before; not with every message
     */
    record Arrival(ChatMessage message, Optional<Object> origin, Optional<String> position) {}

    // -- changing: the owner --------------------------------------------------------------------------------------

    /** It is on the disk; from here on it is seen. @return whether it is new here */
    synchronized boolean arrive(ChatMessage message, Optional<Object> origin) {
        changed = true;
        if (!state.add(message)) {
            return false;
        }
        history.publish();
        arrived++;
        lately.add(new Arrival(message, origin, position()));
        latelyBytes += message.bytes();
        while (lately.size() > FOLLOWED_MAX || latelyBytes > FOLLOWED_BYTES_MAX) {
            latelyBytes -= lately.remove().message().bytes();
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

    /** See {@link RoomState#adopt}. */
    void adopt(ChatId floor, Coverage forgotten) {
        giveUp(() -> {
            state.adopt(floor, forgotten);
            return true;
        });
    }

    /** See {@link RoomState#retain}. */
    void retain(RoomRetention retention, long nowMillis, long stable) {
        giveUp(() -> state.retain(retention, nowMillis, stable));
    }

    /** What does not verify is read before anything changes; the next start begins with other tables. */
    private synchronized void giveUp(BooleanSupplier change) {
        try {
            if (change.getAsBoolean()) {
                history.publish();
                changed = true;
            }
        } catch (DamagedTables known) {
            return;
        }
    }

    /** What is to be written down, once; empty when nothing changed. */
    synchronized Optional<RoomState> takeChanged() {
        boolean was = changed;
        changed = false;
        return was ? Optional.of(state) : Optional.empty();
    }

    // -- what is there --------------------------------------------------------------------------------------------

    synchronized boolean covers(ChatMessage message) {
        return state.covers(message);
    }

    synchronized boolean coversAll(Coverage theirs) {
        return state.coversAll(theirs);
    }

    /** Whether another one gave up something that this one does not know of. */
    synchronized boolean learnsFrom(RoomState.Held theirs) {
        return theirs.floor().compareTo(state.floor()) > 0 || !state.coversAll(theirs.forgotten());
    }

    synchronized RoomState.Held held() {
        return state.held();
    }

    synchronized Chat.RoomInfo info() {
        return new Chat.RoomInfo(name, state.count(), state.dropped(), state.count() == 0 ? 0 : state.lastAtMillis());
    }

    // -- reading --------------------------------------------------------------------------------------------------

    private record Frozen(ChatHistory.View view, RoomPages pages, long arrived) {}

    /** What had arrived is what is in the tables: nothing comes in between. */
    private synchronized Frozen freeze() {
        ChatHistory.View view = history.view();
        return new Frozen(view, state.pages(view.messages(name)), arrived);
    }

    private <T> T read(Function<Frozen, T> reading) {
        Frozen frozen = freeze();
        try {
            return reading.apply(frozen);
        } finally {
            frozen.view().close();
        }
    }

    List<ChatMessage> missing(Coverage theirs, int limit) {
        return read(frozen -> frozen.pages().missing(theirs, limit));
    }

    Chat.Page page(Chat.Reading reading, int limit) {
        return read(frozen -> page(frozen.pages(), reading, limit));
    }

    private static Chat.Page page(RoomPages pages, Chat.Reading reading, int limit) {
        List<ChatMessage> found =
                switch (reading) {
                    case Chat.Reading.Last last -> pages.last(limit + 1);
                    case Chat.Reading.Before(var id) -> pages.before(id, limit + 1);
                    case Chat.Reading.After(ChatPosition.Behind(var id)) -> pages.after(id, limit + 1);
                    case Chat.Reading.After(ChatPosition.Seen(var coverage)) -> pages.missing(coverage, limit + 1);
                };
        boolean more = found.size() > limit;
        boolean oldestFirst = reading instanceof Chat.Reading.After;
        List<ChatMessage> page = !more ? found : oldestFirst ? found.subList(0, limit) : found.subList(1, limit + 1);
        Coverage seen = reading instanceof Chat.Reading.After(ChatPosition.Seen(var coverage))
                ? new Coverage(coverage)
                : pages.coverage();
        if (reading instanceof Chat.Reading.After(ChatPosition.Seen before)) {
            page.forEach(seen::add);
        }
        return new Chat.Page(List.copyOf(page), more, new ChatPosition.Seen(seen).text());
    }

    /** Everything the position does not cover, or else the last messages, and from where on to follow. */
    Chat.Start follow(Optional<ChatPosition> after, int lastMax, int missedMax) {
        return read(frozen -> {
            Chat.Reading reading =
                    after.<Chat.Reading>map(Chat.Reading.After::new).orElseGet(Chat.Reading.Last::new);
            Chat.Page page = page(frozen.pages(), reading, after.isPresent() ? missedMax : lastMax);
            String position = page.more() && after.isPresent()
                    ? page.position()
                    : new ChatPosition.Seen(frozen.pages().coverage()).text();
            return new Chat.Start(page.messages(), after.isPresent() && page.more(), position, frozen.arrived());
        });
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
