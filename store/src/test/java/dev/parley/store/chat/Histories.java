package dev.parley.store.chat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random messages of a few authors in one room, as authors make them: numbers without gaps, stamps that grow. */
final class Histories {
    private Histories() {}

    static List<ChatMessage> random(Random random, int count) {
        List<Author> authors =
                List.of(new Author("n1", 7), new Author("n1", -3), new Author("n2", 1), new Author("n3", 9));
        Map<Author, Long> sequences = new HashMap<>();
        Map<Author, Long> stamps = new HashMap<>();
        List<ChatMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Author author = authors.get(random.nextInt(authors.size()));
            long sequence = sequences.merge(author, 1L, Long::sum);
            long stamp = stamps.merge(author, 1L + random.nextInt(5), Long::sum);
            messages.add(new ChatMessage("r", new ChatId(stamp, author), sequence, "u" + i, "text " + i, i));
        }
        return messages;
    }

    /** A room in memory. */
    static final class Held {
        final MemoryMessages messages = new MemoryMessages();
        final RoomState state = new RoomState(messages);

        List<ChatMessage> all() {
            return messages.all();
        }

        RoomPages pages() {
            return state.pages(messages);
        }

        /** As nodes do it: what the other one gave up first, then what it has. */
        Held merge(Held other) {
            RoomState.Held told = other.state.held();
            state.adopt(told.floor(), told.forgotten());
            other.all().forEach(state::add);
            return this;
        }
    }

    static Held of(List<ChatMessage> messages) {
        Held held = new Held();
        messages.forEach(held.state::add);
        return held;
    }

    /** Each message with probability one half. */
    static Held some(Random random, List<ChatMessage> messages) {
        Held held = of(messages.stream().filter(message -> random.nextBoolean()).toList());
        if (random.nextInt(3) == 0) {
            held.state.raiseFloor(messages.get(random.nextInt(messages.size())).id());
        }
        return held;
    }

    static Held merged(Held... states) {
        Held all = new Held();
        for (Held state : states) {
            all.merge(state);
        }
        return all;
    }
}
