package dev.parley.store.chat;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one node holds of a room: a floor, the messages above it, which messages it ever had, and which of them it gave up.
 * Two states become one by the higher floor and the union above it; in whatever order and however often that is done, the
 * result is the same. Pure, but for where the messages lie. Not thread-safe.
 */
public final class RoomState {
    private final Messages messages;
    private final Coverage coverage;
    private final Coverage forgotten;
    private ChatId floor = ChatId.LOWEST;
    private long count;
    private long bytes;
    private long dropped;
    private long lastAtMillis;

    /** A room without messages. */
    public RoomState(Messages messages) {
        this(messages, new Coverage(), new Coverage());
    }

    private RoomState(Messages messages, Coverage coverage, Coverage forgotten) {
        this.messages = messages;
        this.coverage = coverage;
        this.forgotten = forgotten;
    }

    /**
     * What a node tells another of a room.
     *
     * @param forgotten of what it covers, that which it gave up
     */
    public record Held(ChatId floor, Coverage coverage, Coverage forgotten) {
        /** Of who never heard of the room. */
        public static Held nothing() {
            return new Held(ChatId.LOWEST, new Coverage(), new Coverage());
        }

        public void writeTo(BinaryWriter out) {
            floor.writeTo(out);
            coverage.writeTo(out);
            forgotten.writeTo(out);
        }

        /** @throws dev.parley.store.kv.Malformed when it is none */
        public static Held read(BinaryReader in) {
            return new Held(ChatId.read(in), Coverage.read(in), Coverage.read(in));
        }
    }

    /** A copy. */
    public Held held() {
        return new Held(floor, new Coverage(coverage), new Coverage(forgotten));
    }

    // -- changing -------------------------------------------------------------------------------------------------

    /** @return whether it is new here, and above the floor */
    public boolean add(ChatMessage message) {
        if (!coverage.add(message)) {
            return false;
        }
        if (message.id().compareTo(floor) <= 0) {
            forgotten.add(message);
            dropped++;
            return false;
        }
        messages.put(message);
        count++;
        bytes += message.bytes();
        lastAtMillis = Math.max(lastAtMillis, message.atMillis());
        return true;
    }

    /** Takes over what another one gave up: its floor, when that is higher, and that it need not be asked for the rest. */
    public void adopt(ChatId theirFloor, Coverage theirForgotten) {
        raiseFloor(theirFloor);
        coverage.addAll(theirForgotten);
        forgotten.addAll(theirForgotten);
    }

    /** Gives up every message up to this one; those that come later are only remembered as known. */
    public void raiseFloor(ChatId to) {
        if (to.compareTo(floor) > 0) {
            List<ChatMessage> below = new ArrayList<>();
            messages.ascending(floor, message -> message.id().compareTo(to) <= 0 && below.add(message));
            below.forEach(this::giveUp);
            floor = to;
        }
    }

    private void giveUp(ChatMessage message) {
        messages.remove(message);
        forgotten.add(message);
        count--;
        bytes -= message.bytes();
    }

    /**
     * Gives up what need not be kept, as far as everybody is known to have it; and what does not fit, in any case.
     *
     * @param stable no node lacks a message with this stamp or a lower one, nor will one ever be written
     * @return whether anything was given up
     */
    public boolean retain(RoomRetention retention, long nowMillis, long stable) {
        Optional<ChatId> agreed = newestToForget(retention, nowMillis, stable);
        agreed.ifPresent(this::raiseFloor);
        return dropWhatDoesNotFit(retention.bytesMax()) || agreed.isPresent();
    }

    private Optional<ChatId> newestToForget(RoomRetention retention, long nowMillis, long stable) {
        List<ChatId> newest = new ArrayList<>(1);
        long[] left = {count};
        messages.ascending(floor, message -> {
            boolean old = message.atMillis() < nowMillis - retention.ageMillisMax();
            boolean goes = (left[0] > retention.countMax() || old)
                    && message.id().stamp() <= stable
                    && count - left[0] < RoomRetention.STEP_MAX;
            if (goes) {
                left[0]--;
                newest.clear();
                newest.add(message.id());
            }
            return goes;
        });
        return newest.stream().findFirst();
    }

    private boolean dropWhatDoesNotFit(long bytesMax) {
        if (bytes <= bytesMax) {
            return false;
        }
        long before = count;
        List<ChatId> last = new ArrayList<>(1);
        long[] kept = {bytes, count};
        messages.ascending(floor, message -> {
            boolean goes = kept[0] > bytesMax && kept[1] > 1;
            if (goes) {
                kept[0] -= message.bytes();
                kept[1]--;
                last.clear();
                last.add(message.id());
            }
            return goes;
        });
        last.forEach(this::raiseFloor);
        dropped += before - count;
        return count < before;
    }

    // -- what is there --------------------------------------------------------------------------------------------

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

    /** Whether nothing is lacking here of what another one has. */
    public boolean coversAll(Coverage theirs) {
        return coverage.containsAll(theirs);
    }

    /** How many messages are kept. */
    public long count() {
        return count;
    }

    /** How many messages were given up for want of room, or came too late because of it. */
    public long dropped() {
        return dropped;
    }

    public long bytes() {
        return bytes;
    }

    /** The latest wall clock of a message; 0 when there never was one. */
    public long lastAtMillis() {
        return lastAtMillis;
    }

    /** For reading while this changes. @param frozen the messages as they are now */
    public RoomPages pages(Messages frozen) {
        return new RoomPages(frozen, held());
    }

    // -- keeping --------------------------------------------------------------------------------------------------

    /** Everything but the messages. */
    public Bytes encode() {
        BinaryWriter out = new BinaryWriter(256);
        held().writeTo(out);
        return out.i64(count).i64(bytes).i64(dropped).i64(lastAtMillis).toBytes();
    }

    /** @throws dev.parley.store.kv.Malformed when it is none */
    public static RoomState decode(Bytes encoded, Messages messages) {
        BinaryReader in = new BinaryReader(encoded);
        Held held = Held.read(in);
        RoomState state = new RoomState(messages, held.coverage(), held.forgotten());
        state.floor = held.floor();
        state.count = in.i64();
        state.bytes = in.i64();
        state.dropped = in.i64();
        state.lastAtMillis = in.i64();
        return state;
    }
}
