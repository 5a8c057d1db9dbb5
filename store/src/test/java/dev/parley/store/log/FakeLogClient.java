package dev.parley.store.log;

import dev.parley.store.kv.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** One node's connection to a {@link FakeLog}. Everything about it is guarded by the shared log. */
public final class FakeLogClient implements ReplicatedLog {
    /** An append on its way to the servers, or its answer on the way back. */
    private static final class Flight {
        final long ticket;
        final Bytes entry;
        final int segment;
        boolean arrived;
        boolean answered;

        Flight(long ticket, Bytes entry, int segment) {
            this.ticket = ticket;
            this.entry = entry;
            this.segment = segment;
        }
    }

    private final FakeLog log;
    private final Consumer<LogEvent> listener;
    private final List<Flight> inFlight = new ArrayList<>();
    private final Set<Long> ticketsUsed = new HashSet<>();
    private long session;
    private boolean connected;
    private volatile boolean closed;
    /** Grows with each connection; what belongs to an older one is not delivered. */
    private int connection;

    private int segmentKnown;
    private boolean asking;
    private long visible;
    private long nextArrivalNanos;
    private long nextDeliveryNanos;

    FakeLogClient(FakeLog log, Consumer<LogEvent> listener) {
        this.log = log;
        this.listener = listener;
        this.session = log.newSession();
        connect();
    }

    // -- faults ---------------------------------------------------------------------------------------------------

    /** Cuts the connection. What was in flight is reported lost; some of it may be stored all the same, later. */
    public void disconnect() {
        synchronized (log) {
            if (closed || !connected) {
                return;
            }
            connected = false;
            dropConnection();
            deliver(new LogEvent.Suspended());
        }
    }

    /** Connects again, in the same session. */
    public void reconnect() {
        synchronized (log) {
            if (!closed && !connected) {
                connect();
            }
        }
    }

    /** The session ends; the next connection begins a new one. */
    public void expire() {
        synchronized (log) {
            disconnect();
            session = log.newSession();
        }
    }

    /** The node dies: nothing is delivered any more, what it sent may still arrive. */
    public void crash() {
        close();
    }

    public boolean isConnected() {
        synchronized (log) {
            return connected;
        }
    }

    private void connect() {
        connected = true;
        connection++;
        segmentKnown = log.segment();
        deliver(new LogEvent.Connected(session));
    }

    private void dropConnection() {
        connection++;
        for (Flight flight : inFlight) {
            if (!flight.answered) {
                flight.answered = true;
                outlive(flight);
                deliver(new LogEvent.AppendLost(flight.ticket));
            }
        }
        inFlight.clear();
        if (asking) {
            asking = false;
            deliver(new LogEvent.ReadFailed("the connection broke"));
        }
    }

    /** What had not arrived when its connection broke is lost, or arrives late and in any order. */
    private void outlive(Flight flight) {
        if (flight.arrived || log.weather().losesMessageInFlight()) {
            flight.arrived = true;
            return;
        }
        log.scheduler().after(log.weather().lateNanos(), "late arrival", () -> {
            synchronized (log) {
                if (flight.segment == log.segment()) {
                    log.store(flight.entry);
                }
            }
        });
        flight.arrived = true;
    }

    /** Where the oldest entry of this content is. */
    public Optional<LogIndex> firstCopy(Bytes content) {
        return log.history().stream()
                .filter(stored -> stored.content().equals(content))
                .map(LogEvent.StoredEntry::index)
                .findFirst();
    }

    // -- the port -------------------------------------------------------------------------------------------------

    @Override
    public UUID id() {
        return log.id();
    }

    @Override
    public int entryBytesMax() {
        return log.entryBytesMax();
    }

    @Override
    public void append(long ticket, Bytes entry) {
        synchronized (log) {
            if (!ticketsUsed.add(ticket)) {
                throw new IllegalArgumentException("ticket " + ticket + " was used before");
            }
            if (entry.size() > log.entryBytesMax()) {
                throw new IllegalArgumentException("an entry of " + entry.size() + " bytes would cut the connection");
            }
            if (closed) {
                return;
            }
            if (!connected) {
                deliver(new LogEvent.AppendLost(ticket));
                return;
            }
            Flight flight = new Flight(ticket, entry, segmentKnown);
            inFlight.add(flight);
            toServer("append", () -> arrive(flight));
        }
    }

    private void arrive(Flight flight) {
        if (flight.arrived) {
            return;
        }
        flight.arrived = true;
        if (flight.segment != log.segment()) {
            fromServer("refused", () -> {
                segmentKnown = log.segment();
                answer(flight, new LogEvent.AppendRefused(flight.ticket));
            });
            return;
        }
        long index = log.store(flight.entry);
        fromServer("appended", () -> {
            visible = Math.max(visible, index);
            answer(flight, new LogEvent.Appended(flight.ticket, new LogIndex(index)));
        });
    }

    private void answer(Flight flight, LogEvent event) {
        flight.answered = true;
        inFlight.remove(flight);
        deliver(event);
    }

    @Override
    public void read(LogIndex next) {
        ask("read", () -> {
            if (!log.weather().serverLags()) {
                visible = log.lastIndex();
            }
            LogEvent answer = log.read(next.value(), visible);
            if (answer instanceof LogEvent.Entries some
                    && some.entries().getLast().index().value() < visible) {
                fromServer("more", () -> deliver(new LogEvent.Hint()));
            }
            return answer;
        });
    }

    @Override
    public void verify(LogIndex applied, long stamp) {
        ask("verify", () -> log.verify(applied.value(), stamp));
    }

    private interface Question {
        LogEvent answer();
    }

    private void ask(String label, Question question) {
        synchronized (log) {
            if (asking) {
                throw new IllegalStateException("one read at a time");
            }
            if (closed) {
                return;
            }
            if (!connected) {
                deliver(new LogEvent.ReadFailed("not connected"));
                return;
            }
            asking = true;
            toServer(label, () -> {
                LogEvent answer = question.answer();
                fromServer(label + " answered", () -> {
                    asking = false;
                    deliver(answer);
                });
            });
        }
    }

    @Override
    public void collect(LogIndex trimmed) {
        log.collect(trimmed.value());
    }

    @Override
    public void close() {
        synchronized (log) {
            if (!closed) {
                closed = true;
                connected = false;
                connection++;
                inFlight.stream().filter(flight -> !flight.answered).forEach(this::outlive);
                inFlight.clear();
            }
        }
    }

    /** Something was stored. */
    void hint() {
        if (connected && !closed && !log.weather().dropsHint()) {
            fromServer("hint", () -> deliver(new LogEvent.Hint()));
        }
    }

    // -- travelling -----------------------------------------------------------------------------------------------

    /** In order, and only while this connection stands. */
    private void toServer(String label, Runnable arrival) {
        nextArrivalNanos = inOrder(label, nextArrivalNanos, arrival);
    }

    private void fromServer(String label, Runnable arrival) {
        nextDeliveryNanos = inOrder(label, nextDeliveryNanos, arrival);
    }

    private long inOrder(String label, long earliest, Runnable arrival) {
        int sentOn = connection;
        long at = Math.max(earliest, log.now() + log.weather().delayNanos());
        log.scheduler().after(at - log.now(), label, () -> {
            synchronized (log) {
                if (sentOn == connection) {
                    arrival.run();
                }
            }
        });
        return at;
    }

    /** Events reach the listener in order, outside of every lock. */
    private void deliver(LogEvent event) {
        log.scheduler().after(0, "event", () -> {
            if (!closed) {
                listener.accept(event);
            }
        });
    }
}
