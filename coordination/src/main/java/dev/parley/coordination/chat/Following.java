package dev.parley.coordination.chat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads a room on, from a cursor. One thread. */
final class Following implements Chat.Follower {
    private static final int BATCH_MAX = 200;

    private final Room room;
    private final Chat.Start start;
    private final Object origin;
    private long cursor;

    Following(Room room, Chat.Start start, Object origin) {
        this.room = room;
        this.start = start;
        this.origin = origin;
        this.cursor = start.cursor();
    }

    @Override
    public Chat.Start start() {
        return start;
    }

    @Override
    public Optional<List<Chat.Followed>> await(Duration patience) throws InterruptedException {
        Optional<List<Room.Arrival>> found = room.await(cursor, BATCH_MAX, patience);
        found.ifPresent(arrivals -> cursor += arrivals.size());
        return found.map(arrivals -> arrivals.stream()
                .map(arrival -> new Chat.Followed(
                        arrival.message(),
                        arrival.origin().filter(origin::equals).isPresent(),
                        arrival.position()))
                .toList());
    }
}
