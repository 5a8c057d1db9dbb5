package dev.parley.coordination.chat;

import dev.parley.store.chat.ChatHistory;
import dev.parley.store.chat.RoomRetention;
import dev.parley.store.chat.RoomState;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** The rooms at this node, a bounded number of them. Any thread, but for what is said to be the owner's. */
final class Rooms {
    static final int MAX = 1_000;

    private final ChatHistory history;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();

    /** With what was there at the start. */
    Rooms(ChatHistory history) {
        this.history = history;
        history.rooms().forEach((name, state) -> rooms.put(name, new Room(name, history, state)));
    }

    /** Empty when it is not there and there are too many already. */
    Optional<Room> room(String name) {
        if (rooms.size() >= MAX && !rooms.containsKey(name)) {
            return Optional.empty();
        }
        return Optional.of(rooms.computeIfAbsent(name, this::fresh));
    }

    /** One that is not there is empty, and does not come into being. */
    Room roomToRead(String name) {
        Room room = rooms.get(name);
        return room == null ? fresh(name) : room;
    }

    private Room fresh(String name) {
        return new Room(name, history, new RoomState(history.messages(name)));
    }

    Optional<Room> find(String name) {
        return Optional.ofNullable(rooms.get(name));
    }

    /** In the order of their names. */
    Collection<Room> all() {
        return new TreeMap<>(rooms).values();
    }

    void forEach(BiConsumer<String, Room> visitor) {
        new TreeMap<>(rooms).forEach(visitor);
    }

    /** What is held of each room that ever had a message. */
    SortedMap<String, RoomState.Held> held() {
        SortedMap<String, RoomState.Held> held = new TreeMap<>();
        rooms.forEach((name, room) -> {
            RoomState.Held one = room.held();
            if (!one.coverage().numbers().isEmpty()) {
                held.put(name, one);
            }
        });
        return held;
    }

    /** The owner gives up what need not be kept. */
    void retain(RoomRetention retention, long nowMillis, long stable) {
        rooms.values().forEach(room -> room.retain(retention, nowMillis, stable));
    }

    /** The owner writes down what changed. */
    void maintain(long nowNanos) {
        Map<String, RoomState> changed = new TreeMap<>();
        rooms.forEach((name, room) -> room.takeChanged().ifPresent(state -> changed.put(name, state)));
        history.maintain(changed, nowNanos);
    }
}
