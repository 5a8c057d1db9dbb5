package dev.parley.store.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.parley.store.kv.StateMap;
import dev.parley.store.log.FakeLog;
import dev.parley.store.log.SchedulerThread;
import dev.parley.store.log.Weather;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class FaultTest {
    private static final StoreFailure DISK_FAILED = new StoreFailure("the disk failed");

    /** Fails at the first entry. */
    private record FailingStore(MemoryStateStore store) implements StateStore {
        @Override
        public Room room() {
            return store.room();
        }

        @Override
        public UUID id() {
            return store.id();
        }

        @Override
        public Optional<UUID> log() {
            return store.log();
        }

        @Override
        public void bind(UUID log) {
            store.bind(log);
        }

        @Override
        public StateMap map() {
            return store.map();
        }

        @Override
        public void publish(Position position) {
            throw DISK_FAILED;
        }

        @Override
        public Position position() {
            return store.position();
        }

        @Override
        public Position durable() {
            return store.durable();
        }

        @Override
        public void maintain(long nowNanos) {
            store.maintain(nowNanos);
        }

        @Override
        public StateView view() {
            return store.view();
        }

        @Override
        public void install(Incoming incoming, boolean keepFormer) {
            store.install(incoming, keepFormer);
        }

        @Override
        public void onDamage(Consumer<String> listener) {
            store.onDamage(listener);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    @Test
    void aFailureOfTheStoreIsHandedToTheFaultHandlerAndTheReplicaServesNothing() throws Exception {
        CompletableFuture<Throwable> fault = new CompletableFuture<>();
        try (SchedulerThread scheduler = new SchedulerThread()) {
            FakeLog log = new FakeLog(UUID.randomUUID(), scheduler, Weather.FAIR, 10_000);
            ReplicaThread replica = ReplicaThread.start(new ReplicaThread.Parts(
                    ReplicaConfig.of("n1", "http://n1"),
                    new FailingStore(MemoryStateStore.empty(UUID.randomUUID())),
                    log::open,
                    SnapshotSource.none(),
                    System::nanoTime,
                    System::currentTimeMillis,
                    UUID::randomUUID,
                    (invariant, cause) -> fault.complete(cause)));

            assertSame(DISK_FAILED, fault.get(10, TimeUnit.SECONDS));

            assertEquals(
                    new Replica.Result.NotApplied(Replica.Refusal.BROKEN),
                    replica.submit(HandDriven.put("a", "1"), Duration.ofSeconds(1)));
            replica.close();
        }
    }
}
