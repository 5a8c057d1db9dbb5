package dev.parley.store.replica.sim;

import dev.parley.store.log.FakeLog;
import dev.parley.store.log.FakeLogClient;
import dev.parley.store.log.LogEvent;
import dev.parley.store.replica.CoreHandle;
import dev.parley.store.replica.CoreVariant;
import dev.parley.store.replica.MemoryDisk;
import dev.parley.store.replica.MemoryStateStore;
import dev.parley.store.replica.ReplicaConfig;
import dev.parley.store.replica.SnapshotSource;
import dev.parley.store.replica.StateStore;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;

/** A node that can crash and start again; what it had not flushed is gone then. */
final class SimNode {
    private static final long TICK_NANOS = 25_000_000;
    private static final long WALL_ORIGIN_MILLIS = 1_700_000_000_000L;

    private final String name;
    private final VirtualTime time;
    private final FakeLog log;
    private final CoreVariant variant;
    private final SplittableRandom random;
    private final List<SimNode> others;
    private MemoryDisk disk;
    private final long flushEveryNanos;
    private final long clockErrorMillis;
    private Optional<CoreHandle> core = Optional.empty();
    private Optional<FakeLogClient> client = Optional.empty();
    private int incarnation;
    private boolean campaigning;
    private int installs;

    SimNode(
            String name,
            VirtualTime time,
            FakeLog log,
            CoreVariant variant,
            SplittableRandom random,
            List<SimNode> others) {
        this.name = name;
        this.time = time;
        this.log = log;
        this.variant = variant;
        this.random = random;
        this.others = others;
        this.disk = new MemoryDisk(id(), false);
        this.flushEveryNanos = 1_000_000L * random.nextInt(20, random.nextBoolean() ? 200 : 3_000);
        this.clockErrorMillis = random.nextInt(-20_000, 20_000);
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    String name() {
        return name;
    }

    boolean isUp() {
        return core.isPresent();
    }

    CoreHandle core() {
        return core.orElseThrow();
    }

    /** Grows with each start; an answer of an earlier incarnation reaches nobody. */
    int incarnation() {
        return incarnation;
    }

    void start() {
        incarnation++;
        MemoryStateStore store = new MemoryStateStore(disk, flushEveryNanos, 1_000_000L * random.nextInt(0, 200));
        Consumer<LogEvent> events = event -> core.ifPresent(running -> {
            now(running);
            running.onEvent(event);
        });
        core = Optional.of(new CoreHandle(
                variant,
                ReplicaConfig.of(name, "http://" + name),
                store,
                listener -> {
                    FakeLogClient opened = log.open(listener);
                    client = Optional.of(opened);
                    return opened;
                },
                events,
                (wanted, arrived) -> fetch(wanted, arrived, incarnation),
                this::id,
                time.nowNanos()));
        core.get().campaign(campaigning);
        tick(incarnation);
    }

    /** From any other node whose disk is far enough; it need not run, as its files are all it takes. */
    private void fetch(SnapshotSource.Wanted wanted, Consumer<StateStore.Incoming> arrived, int ofIncarnation) {
        time.after(1_000_000L * random.nextInt(1, 300), name + " fetches", () -> {
            if (core.isEmpty() || incarnation != ofIncarnation) {
                return;
            }
            SimNode source = others.get(random.nextInt(others.size()));
            if (source == this || durable(source) <= wanted.above().value()) {
                fetch(wanted, arrived, ofIncarnation);
                return;
            }
            time.note(() -> name + " installs " + source.name + "'s snapshot of " + durable(source));
            now(core.get());
            arrived.accept(source.disk.copyFor(id()));
            installs++;
        });
    }

    private static long durable(SimNode node) {
        return node.disk.position().applied().value();
    }

    /** How far its disk is. */
    long durable() {
        return durable(this);
    }

    int installs() {
        return installs;
    }

    /** Its tables are gone; the node must be down. */
    void wipe() {
        disk = new MemoryDisk(id(), false);
    }

    private void tick(int ofIncarnation) {
        time.after(TICK_NANOS, name, () -> {
            if (core.isPresent() && incarnation == ofIncarnation) {
                now(core.get());
                core.get().tick();
                tick(ofIncarnation);
            }
        });
    }

    /** Tells the core the time; before each input. */
    void now(CoreHandle running) {
        running.at(time.nowNanos(), WALL_ORIGIN_MILLIS + clockErrorMillis + time.nowNanos() / 1_000_000);
    }

    void crash() {
        client.ifPresent(FakeLogClient::crash);
        core = Optional.empty();
        incarnation++;
    }

    void disconnect() {
        client.ifPresent(FakeLogClient::disconnect);
    }

    void reconnect() {
        client.ifPresent(FakeLogClient::reconnect);
    }

    void expire() {
        client.ifPresent(FakeLogClient::expire);
    }

    void campaign(boolean wanted) {
        campaigning = wanted;
        core.ifPresent(running -> running.campaign(wanted));
    }
}
