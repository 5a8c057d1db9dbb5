package dev.parley.coordination.zklog;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Appends without pause, several at once, while it is connected, and holds the log to its contract: each ticket answered
 * exactly once, and a connection announced only when nothing sent before is unanswered. Every entry's content is its
 * writer's name and ticket, and none is sent twice.
 */
final class StormWriter implements AutoCloseable {
    private static final int IN_FLIGHT_MAX = 16;

    private final String name;
    private final EnsembleConnection connection;
    private final ZooKeeperLog log;

    // Guarded by this.
    private final Set<Long> unanswered = new HashSet<>();
    private final Map<Long, LogIndex> stored = new HashMap<>();
    private final Set<Long> refused = new HashSet<>();
    private final Set<Long> lost = new HashSet<>();
    private final Set<Long> sessions = new HashSet<>();
    private final List<String> faults = new ArrayList<>();
    private boolean connected;
    private boolean stopped;
    private int connections;
    private long nextTicket = 1;

    StormWriter(String name, String connectString, LogConfig config) {
        this.name = name;
        connection = TestConnections.open(connectString);
        UUID id = RecordedLog.logOf(LogFormation.form(connection, Optional.empty(), () -> true, UUID::randomUUID));
        log = ZooKeeperLog.open(connection, id, config, this::on);
    }

    private synchronized void on(LogEvent event) {
        switch (event) {
            case LogEvent.Connected(long session) -> {
                connected = true;
                connections++;
                sessions.add(session);
                expect(unanswered.isEmpty(), "connected with unanswered " + unanswered);
            }
            case LogEvent.Suspended() -> connected = false;
            case LogEvent.Appended(long ticket, LogIndex index) -> {
                answered(ticket);
                stored.put(ticket, index);
            }
            case LogEvent.AppendLost(long ticket) -> {
                answered(ticket);
                lost.add(ticket);
            }
            case LogEvent.AppendRefused(long ticket) -> {
                answered(ticket);
                refused.add(ticket);
            }
            case LogEvent.Broken broken -> faults.add(broken.toString());
            case LogEvent.Hint() -> {}
            case LogEvent.Entries e -> faults.add("an answer to no question: " + e);
            case LogEvent.EndReached e -> faults.add("an answer to no question: " + e);
            case LogEvent.BehindTrim e -> faults.add("an answer to no question: " + e);
            case LogEvent.ReadFailed e -> faults.add("an answer to no question: " + e);
            case LogEvent.Verified e -> faults.add("an answer to no question: " + e);
        }
        notifyAll();
        fill();
    }

    private void answered(long ticket) {
        expect(unanswered.remove(ticket), "ticket " + ticket + " answered twice or never sent");
    }

    private void expect(boolean condition, String fault) {
        if (!condition) {
            faults.add(fault);
        }
    }

    /** Appending from within an event is allowed, and the harshest order there is. */
    private void fill() {
        while (connected && !stopped && unanswered.size() < IN_FLIGHT_MAX) {
            long ticket = nextTicket++;
            unanswered.add(ticket);
            log.append(ticket, Bytes.utf8(content(ticket)));
        }
    }

    String content(long ticket) {
        return name + " " + ticket;
    }

    EnsembleConnection connection() {
        return connection;
    }

    synchronized int storedCount() {
        return stored.size();
    }

    synchronized int connectionCount() {
        return connections;
    }

    synchronized Map<Long, LogIndex> stored() {
        return Map.copyOf(stored);
    }

    synchronized Set<Long> refused() {
        return Set.copyOf(refused);
    }

    synchronized Set<Long> lost() {
        return Set.copyOf(lost);
    }

    synchronized Set<Long> sessions() {
        return Set.copyOf(sessions);
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** Sends nothing more, and waits until everything sent is answered. */
    synchronized void stop() {
        stopped = true;
        while (!unanswered.isEmpty()) {
            try {
                wait(20_000);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    @Override
    public void close() {
        log.close();
        connection.close();
    }
}
