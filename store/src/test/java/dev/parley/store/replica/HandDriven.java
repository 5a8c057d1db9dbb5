package dev.parley.store.replica;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Submission;
import dev.parley.store.kv.Version;
import dev.parley.store.log.FakeLog;
import dev.parley.store.log.FakeLogClient;
import dev.parley.store.log.Weather;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One node in virtual time, moved on by the test. */
final class HandDriven {
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long TICK_NANOS = 10_000_000;

    /** Every message takes a millisecond, or as long as the test says. */
    static final class Delays implements Weather {
        Duration delay = Duration.ofMillis(1);
        boolean dropsHints;

        @Override
        public long delayNanos() {
            return delay.toNanos();
        }

        @Override
        public boolean losesMessageInFlight() {
            return false;
        }

        @Override
        public long lateNanos() {
            return delay.toNanos();
        }

        @Override
        public boolean dropsHint() {
            return dropsHints;
        }

        @Override
        public boolean serverLags() {
            return false;
        }

        @Override
        public int entriesPerRead() {
            return 64;
        }
    }

    final VirtualTime time = new VirtualTime(false);
    final Delays weather = new Delays();
    final FakeLog log = new FakeLog(new UUID(7, 7), time, weather, 1_100_000);
    final MemoryDisk disk;
    final FakeLogClient client;
    final CoreHandle core;
    private final MemoryStateStore store;
    private FakeLogClient opened;
    private CoreHandle running;
    private long ids;

    /** What the node asked for; {@link #install} gives it. */
    final List<SnapshotSource.Wanted> fetches = new ArrayList<>();

    private Consumer<StateStore.Incoming> arrival = incoming -> {};

    HandDriven(ReplicaConfig config, MemoryDisk disk) {
        this(config, disk, true);
    }

    HandDriven(ReplicaConfig config, MemoryDisk disk, boolean connected) {
        this.disk = disk;
        this.store = new MemoryStateStore(disk, Duration.ofSeconds(1).toNanos(), 0);
        Supplier<UUID> nonces = () -> new UUID(1, ++ids);
        running = new CoreHandle(
                CoreVariant.RIGHT,
                config,
                store,
                listener -> {
                    opened = log.open(listener);
                    return opened;
                },
                event -> {
                    now();
                    running.onEvent(event);
                },
                (wanted, arrived) -> {
                    fetches.add(wanted);
                    arrival = arrived;
                },
                nonces,
                0);
        core = running;
        client = opened;
        if (!connected) {
            client.disconnect();
        }
        tick();
    }

    static HandDriven start() {
        return start(ReplicaConfig.of("n1", "http://n1"));
    }

    static HandDriven start(ReplicaConfig config) {
        HandDriven node = new HandDriven(config, new MemoryDisk(new UUID(9, 9)));
        node.until(() -> node.core.status().ready());
        return node;
    }

    private void tick() {
        time.after(TICK_NANOS, "tick", () -> {
            now();
            core.tick();
            tick();
        });
    }

    private void now() {
        running.at(time.nowNanos(), 1_700_000_000_000L + time.nowNanos() / 1_000_000);
    }

    void run(Duration howLong) {
        time.runUntil(() -> false, time.nowNanos() + howLong.toNanos());
        now();
    }

    void until(BooleanSupplier done) {
        until(done, Duration.ofSeconds(60));
    }

    void until(BooleanSupplier done, Duration atMost) {
        if (!time.runUntil(done, time.nowNanos() + atMost.toNanos())) {
            throw new AssertionError("not so after " + atMost + ": " + core.status());
        }
        now();
    }

    void install(MemoryDisk.Copy snapshot) {
        now();
        arrival.accept(snapshot);
    }

    // -- requests -------------------------------------------------------------------------------------------------

    /** An answer to come. */
    static final class Promise<T> {
        private Optional<T> value = Optional.empty();

        void set(T answer) {
            if (value.isPresent()) {
                throw new AssertionError("answered " + value.get() + " and " + answer);
            }
            value = Optional.of(answer);
        }

        boolean isKept() {
            return value.isPresent();
        }

        T get() {
            return value.orElseThrow(() -> new AssertionError("not answered"));
        }
    }

    static Submission put(String key, String value) {
        return Submission.of(new Command.Put(
                Key.of(key),
                Bytes.utf8(value),
                "text/plain",
                new Command.LeaseChoice.None(),
                Command.Precondition.NONE));
    }

    Promise<Result> submit(Submission submission, Duration timeout) {
        Promise<Result> promise = new Promise<>();
        core.submit(submission, time.nowNanos() + timeout.toNanos(), promise::set);
        return promise;
    }

    Promise<Result> submit(Command command) {
        return submit(Submission.of(command), PATIENCE);
    }

    Result submitted(Submission submission) {
        Promise<Result> promise = submit(submission, PATIENCE);
        until(promise::isKept);
        return promise.get();
    }

    Outcome done(Command command) {
        if (submitted(Submission.of(command)) instanceof Result.Decided(Outcome outcome, long revision)) {
            return outcome;
        }
        throw new AssertionError(command + " was not decided");
    }

    /** How a read ended: a position, or a refusal. */
    record ReadAnswer(Optional<Position> position, Optional<Refusal> refusal, long ageMillis) {
        static ReadAnswer refused(Refusal why) {
            return new ReadAnswer(Optional.empty(), Optional.of(why), 0);
        }
    }

    Promise<ReadAnswer> read(boolean stale, long revisionMin, Duration timeout) {
        Promise<ReadAnswer> promise = new Promise<>();
        core.read(stale, revisionMin, time.nowNanos() + timeout.toNanos(), new CoreHandle.ReadEnd() {
            @Override
            public void ready(Position position, MapView state, long ageMillis) {
                promise.set(new ReadAnswer(Optional.of(position), Optional.empty(), ageMillis));
            }

            @Override
            public void unavailable(Refusal why) {
                promise.set(ReadAnswer.refused(why));
            }
        });
        return promise;
    }

    ReadAnswer readLinearizable() {
        Promise<ReadAnswer> promise = read(false, 0, PATIENCE);
        until(promise::isKept);
        return promise.get();
    }

    Optional<String> value(String key) {
        return core.state()
                .liveAt(Keyspace.KV, Key.of(key), Long.MAX_VALUE)
                .map(Version.Live::value)
                .map(Bytes::utf8);
    }
}
