package dev.parley.store.replica;

import dev.parley.store.log.FakeLog;
import dev.parley.store.log.FakeLogClient;
import dev.parley.store.log.SchedulerThread;
import dev.parley.store.log.Weather;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A cluster of one in this process, on a log and a state in memory: starts in milliseconds, forgets everything. */
public final class SingleNode implements AutoCloseable {
    private final SchedulerThread scheduler = new SchedulerThread();
    private final AtomicReference<FakeLogClient> client = new AtomicReference<>();
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private final MemoryStateStore store = MemoryStateStore.empty(UUID.randomUUID());
    private final ReplicaThread replica;

    private SingleNode(ReplicaConfig config) {
        FakeLog log = new FakeLog(UUID.randomUUID(), scheduler, Weather.FAIR, 1_100_000);
        replica = ReplicaThread.start(new ReplicaThread.Parts(
                config,
                store,
                listener -> {
                    client.set(log.open(listener));
                    return client.get();
                },
                SnapshotSource.none(),
                System::nanoTime,
                System::currentTimeMillis,
                UUID::randomUUID,
                (invariant, cause) -> fault.compareAndSet(null, cause)));
    }

    /** Started and ready. */
    public static SingleNode start() {
        return start(ReplicaConfig.of("n1", "http://127.0.0.1:7070"));
    }

    public static SingleNode start(ReplicaConfig config) {
        SingleNode node = new SingleNode(config);
        node.awaitReady(Duration.ofSeconds(10));
        return node;
    }

    public ReplicaThread replica() {
        return replica;
    }

    /** How much room the disk has, from now on. */
    public void room(StateStore.Room room) {
        store.room(room);
    }

    /** Cuts the connection to the log; {@link #reconnect} mends it. */
    public void disconnect() {
        client.get().disconnect();
    }

    public void reconnect() {
        client.get().reconnect();
    }

    /** The next connection begins a new session. */
    public void expireSession() {
        client.get().expire();
    }

    public void awaitReady(Duration patience) {
        await(true, patience);
    }

    public void awaitNotReady(Duration patience) {
        await(false, patience);
    }

    private void await(boolean ready, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (replica.status().ready() != ready) {
            if (fault.get() != null) {
                throw new AssertionError("the replica failed", fault.get());
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still the same: " + replica.status());
            }
            LockSupport.parkNanos(200_000);
        }
    }

    @Override
    public void close() {
        replica.close();
        store.close();
        scheduler.close();
        if (fault.get() != null) {
            throw new AssertionError("the replica failed", fault.get());
        }
    }
}
