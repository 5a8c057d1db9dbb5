package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.LogEntry;
import dev.parley.store.kv.StateMachine;
import dev.parley.store.kv.StateMachine.Applied;
import dev.parley.store.kv.StateMap;
import dev.parley.store.log.FakeLogClient;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import dev.parley.store.log.ReplicatedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** The replica as it is, and replicas that are wrong on purpose: what finds the first right must convict the others. */
public enum CoreVariant {
    RIGHT,
    /** Rule 4 as a high-water mark: a batch is applied when its number is above the last, whatever is missing. */
    HIGH_WATER_MARK,
    /** Rule 6: a read is satisfied by a batch that was in flight when it arrived. */
    READ_JOINS_BATCH_IN_FLIGHT,
    /** Rule 6: a read that joined the second copy of a batch is satisfied by the index of the first. */
    READ_SATISFIED_BY_EARLIER_COPY,
    /** Rule 7: the log is asked only after hints, connections and own appends. */
    NO_POLL,
    /** Apply keeps the leases beside the map, where no flush and no snapshot has them. */
    LEASES_BESIDE_THE_MAP,
    /** The same of the writers. */
    WRITERS_BESIDE_THE_MAP;

    ReplicaConfig configure(ReplicaConfig config) {
        ReplicaConfig.Timing right = config.timing();
        return this != NO_POLL
                ? config
                : config.withTiming(new ReplicaConfig.Timing(
                        Duration.ofDays(1), right.absenceGrace(), right.lagMax(), right.staleWithoutLogAfter()));
    }

    /** One for each start of a replica. */
    Applier.Machine machine() {
        return switch (this) {
            case HIGH_WATER_MARK -> CoreVariant::applyAboveMark;
            case LEASES_BESIDE_THE_MAP -> beside("lease/");
            case WRITERS_BESIDE_THE_MAP -> beside("writer/");
            case RIGHT, READ_JOINS_BATCH_IN_FLIGHT, READ_SATISFIED_BY_EARLIER_COPY, NO_POLL -> StateMachine::apply;
        };
    }

    private static Applier.Machine beside(String cells) {
        NavigableMap<Bytes, Bytes> memory = new TreeMap<>();
        return (map, index, entryBytes, entry) ->
                StateMachine.apply(new MapWithCellsBeside(map, Bytes.utf8(cells), memory), index, entryBytes, entry);
    }

    ReadBarriers barriers() {
        return this == READ_JOINS_BATCH_IN_FLIGHT ? new Joining() : new ReadBarriers();
    }

    Function<Consumer<LogEvent>, ReplicatedLog> wrap(Function<Consumer<LogEvent>, ReplicatedLog> open) {
        return this == READ_SATISFIED_BY_EARLIER_COPY ? listener -> new EarlierCopies(open, listener) : open;
    }

    /** Closes a gap by batches that say nothing. */
    private static Applied applyAboveMark(StateMap map, long index, int entryBytes, LogEntry entry) {
        Applied applied = StateMachine.apply(map, index, entryBytes, entry);
        if (!(applied instanceof Applied.Gap(long writer, long number, long expected))
                || !(entry instanceof LogEntry.Batch batch)) {
            return applied;
        }
        for (long missing = expected; missing < number; missing++) {
            StateMachine.apply(map, index, 0, new LogEntry.Batch(writer, missing, batch.atMillis(), List.of()));
        }
        return StateMachine.apply(map, index, 0, entry);
    }

    private static final class Joining extends ReadBarriers {
        private final Set<Long> inFlight = new LinkedHashSet<>();

        @Override
        void arrive(WaitingRead read) {
            super.arrive(read);
            if (!inFlight.isEmpty()) {
                super.sent(new ArrayList<>(inFlight).getLast());
            }
        }

        @Override
        void sent(long ticket) {
            inFlight.add(ticket);
            super.sent(ticket);
        }

        @Override
        void stored(long ticket, long index) {
            inFlight.remove(ticket);
            super.stored(ticket, index);
        }

        @Override
        void failed(long ticket) {
            inFlight.remove(ticket);
            super.failed(ticket);
        }
    }

    /** Answers for a second copy the index that the first one has, once it knows it from reading. */
    private static final class EarlierCopies implements ReplicatedLog {
        private final Map<Long, Bytes> sent = new HashMap<>();
        private final Function<Bytes, Optional<LogIndex>> firstCopy;
        private final ReplicatedLog log;

        EarlierCopies(Function<Consumer<LogEvent>, ReplicatedLog> open, Consumer<LogEvent> listener) {
            log = open.apply(event -> listener.accept(translate(event)));
            firstCopy = content -> ((FakeLogClient) log).firstCopy(content);
        }

        private LogEvent translate(LogEvent event) {
            if (event instanceof LogEvent.Appended(long ticket, var index)) {
                return new LogEvent.Appended(
                        ticket, firstCopy.apply(sent.get(ticket)).orElse(index));
            }
            return event;
        }

        @Override
        public UUID id() {
            return log.id();
        }

        @Override
        public void append(long ticket, Bytes entry) {
            sent.put(ticket, entry);
            log.append(ticket, entry);
        }

        @Override
        public int entryBytesMax() {
            return log.entryBytesMax();
        }

        @Override
        public void read(LogIndex next) {
            log.read(next);
        }

        @Override
        public void verify(LogIndex applied, long stamp) {
            log.verify(applied, stamp);
        }

        @Override
        public void collect(LogIndex trimmed) {
            log.collect(trimmed);
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
