package dev.parley.store.chat;

import dev.parley.store.kv.Agreed;
import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.DamagedTables;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.TableConfig;
import dev.parley.store.table.TableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms of a node on its disk: messages and what else is known of a room in immutable tables, what is newer than these in
 * a journal. Confined to one owner thread, but for {@link #view}. A failure of the disk is thrown as {@link StoreFailure} or
 * {@link UncheckedIOException} and ends its use.
 *
 * <pre>
 *   journal-17   what happened since entry 17, see {@link ChatJournal}
 *   tables       a table directory; its manifest names the last entry of the journal that it holds
 *   DAMAGED      something there did not verify; the next start sets the tables aside and begins anew, for others have it all
 * </pre>
 */
public final class ChatHistory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChatHistory.class);
    private static final Bytes ROOMS = Bytes.utf8("room/");
    private static final Bytes CLOCK = Bytes.utf8("clock");
    private static final String DAMAGED = "DAMAGED";

    /** So many messages given up are worth looking for room on the disk. */
    private static final int REMOVED_WORTH_A_MERGE = 1_000;

    private final Path directory;
    private final ExecutorService background;
    private final TableStore tables;
    private final ChatJournal journal;
    private final Map<String, RoomState> rooms = new TreeMap<>();
    private long revision;
    private long clock;
    private int removed;

    private ChatHistory(Path directory, TableConfig config, Supplier<UUID> freshId) {
        this.directory = directory;
        this.background = Executors.newFixedThreadPool(
                3, Thread.ofPlatform().daemon().name("chat-tables-", 1).factory());
        this.tables = tables(config, freshId);
        this.revision = tables.position().revision();
        this.clock = tables.map()
                .cell(CLOCK)
                .map(cell -> new BinaryReader(cell).i64())
                .orElse(0L);
        tables.map().cells(ROOMS, (name, content) -> {
            String room = Bytes.copyOf(name.unsafeArray(), ROOMS.size(), name.size() - ROOMS.size())
                    .utf8();
            rooms.put(room, RoomState.decode(content, messages(room)));
            return true;
        });
        this.journal = ChatJournal.open(directory, tables.position().applied().value(), this::restore);
        if (journal.damages() > 0) {
            LOG.warn(
                    "event=chat_journal_damaged places={} effect=\"what was there is asked of the other nodes\"",
                    journal.damages());
        }
        publish();
    }

    /**
     * Opens the directory, or makes it.
     *
     * @param freshId names a new table directory
     */
    public static ChatHistory open(Path directory, TableConfig config, Supplier<UUID> freshId) {
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new ChatHistory(directory, config, freshId);
    }

    private TableStore tables(TableConfig config, Supplier<UUID> freshId) {
        Path place = directory.resolve("tables");
        try {
            if (Files.deleteIfExists(directory.resolve(DAMAGED)) && Files.exists(place)) {
                setAside(place, "damage was found while they were read");
            }
            try {
                return opened(place, config, freshId);
            } catch (DamagedTables damage) {
                setAside(place, String.valueOf(damage.getMessage()));
                return opened(place, config, freshId);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void setAside(Path place, String why) {
        LOG.error(
                "event=chat_tables_damaged why=\"{}\" set_aside={} effect=\"the history is asked of the other nodes\"",
                why,
                TableStore.setAside(place));
    }

    private TableStore opened(Path place, TableConfig config, Supplier<UUID> freshId) {
        TableStore store = TableStore.open(place, config, background, freshId);
        store.onDamage(this::damaged);
        return store;
    }

    /** Perhaps often: whoever reads there says so. */
    private void damaged(String what) {
        if (Files.exists(directory.resolve(DAMAGED))) {
            return;
        }
        LOG.error("event=chat_tables_damaged why=\"{}\" effect=\"they are set aside at the next start\"", what);
        try {
            Files.writeString(directory.resolve(DAMAGED), what + "\n");
        } catch (IOException failure) {
            LOG.error("event=chat_damage_not_noted what=\"{}\"", what, failure);
        }
    }

    private void restore(long index, ChatEntry entry) {
        watchClock(entry);
        if (entry instanceof ChatEntry.Posted(ChatMessage message)) {
            rooms.computeIfAbsent(message.room(), room -> new RoomState(messages(room)))
                    .add(message);
        }
    }

    /** What was there at the start; handed over to the owner, which changes it. */
    public Map<String, RoomState> rooms() {
        return rooms;
    }

    /** The Lamport clock was not above this. */
    public long clock() {
        return clock;
    }

    // -- writing --------------------------------------------------------------------------------------------------

    /** Durable when it returns. They show in a room only when they are added to it. */
    public void write(List<ChatEntry> group) {
        journal.append(group);
        group.forEach(this::watchClock);
    }

    private void watchClock(ChatEntry entry) {
        clock = Math.max(
                clock,
                switch (entry) {
                    case ChatEntry.Posted(ChatMessage message) -> message.id().stamp();
                    case ChatEntry.Clock(long stamp) -> stamp;
                });
    }

    /** Where the messages of a room are put; what is written there shows to readers from {@link #publish} on. */
    public Messages messages(String room) {
        return new Stored(room, tables.map());
    }

    /** Makes what was written into rooms visible. */
    public void publish() {
        tables.publish(new Position(new LogIndex(journal.last()), 0, revision));
    }

    /**
     * Writes down what rooms are now, flushes and merges when that is due, and trims the journal. After each group, and often
     * enough beside; everything that was written must have been added to its room by then.
     *
     * @param changed rooms that are not what they were
     */
    public void maintain(Map<String, RoomState> changed, long nowNanos) {
        changed.forEach((room, state) -> tables.map().putCell(Bytes.utf8("room/" + room), state.encode()));
        if (!changed.isEmpty()) {
            tables.map().putCell(CLOCK, new BinaryWriter(8).i64(clock).toBytes());
        }
        if (removed >= REMOVED_WORTH_A_MERGE) {
            removed = 0;
            Agreed.giveUpHistoryBelow(tables.map(), ++revision);
        }
        publish();
        try {
            tables.maintain(nowNanos);
        } catch (DamagedTables damage) {
            damaged(String.valueOf(damage.getMessage())); // a merge found it; the next start is to begin anew
            throw damage;
        }
        journal.trim(durable());
    }

    /** Number of the newest entry of the journal. */
    long written() {
        return journal.last();
    }

    /** Entries up to this one are in tables. */
    long durable() {
        return tables.durable().applied().value();
    }

    // -- reading --------------------------------------------------------------------------------------------------

    /** What is published now, for one thread, whichever; it holds files until it is closed. */
    public View view() {
        return new View(tables.view());
    }

    /** All messages at one moment. */
    public final class View implements AutoCloseable {
        private final StateView state;

        private View(StateView state) {
            this.state = state;
        }

        public Messages messages(String room) {
            return new Stored(room, state);
        }

        @Override
        public void close() {
            state.close();
        }
    }

    /** Of one room in the map; only what belongs to the owner is ever written. */
    private final class Stored implements Messages {
        private final String room;
        private final MapView map;

        Stored(String room, MapView map) {
            this.room = room;
            this.map = map;
        }

        @Override
        public void put(ChatMessage message) {
            revision++;
            tables.map()
                    .put(
                            Keyspace.CHAT,
                            MessageKeys.of(message),
                            new Version.Live(revision, revision, 1, 0, "", message.encode()));
        }

        @Override
        public void remove(ChatMessage message) {
            removed++;
            tables.map().put(Keyspace.CHAT, MessageKeys.of(message), new Version.Tombstone(++revision));
        }

        @Override
        public void ascending(ChatId after, Visitor visitor) {
            scan(MessageKeys.behind(room, after), false, visitor);
        }

        @Override
        public void descending(ChatId before, Visitor visitor) {
            scan(MessageKeys.before(room, before), true, visitor);
        }

        private void scan(KeyRange range, boolean reverse, Visitor visitor) {
            map.scan(
                    Keyspace.CHAT,
                    range,
                    Long.MAX_VALUE,
                    reverse,
                    (key, live) -> visitor.visit(ChatMessage.read(new BinaryReader(live.value()))));
        }
    }

    /** Without a last flush: the journal has it. May be called twice, by the owner. */
    @Override
    public void close() {
        journal.close();
        tables.close();
        background.shutdownNow();
    }
}
