package dev.parley.http.node;

import dev.parley.coordination.election.LeaderHint;
import dev.parley.coordination.ensemble.EnsembleConnection;
import dev.parley.store.replica.ReplicaThread;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Stands for the office of leader while the replica is fit for it, and gives the claim up when it is not. */
final class Office implements AutoCloseable {
    private static final long LOOK_EVERY_MILLIS = 250;

    private final LeaderHint hint;
    private final ScheduledExecutorService clock;

    private Office(LeaderHint hint, ScheduledExecutorService clock) {
        this.hint = hint;
        this.clock = clock;
    }

    /** @param standsAside asked now and then: while true, others are to lead */
    static Office open(EnsembleConnection connection, String node, ReplicaThread replica, BooleanSupplier standsAside) {
        var clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("office").factory());
        var office = new Office(LeaderHint.open(connection, node, replica::campaign), clock);
        clock.scheduleWithFixedDelay(
                () -> office.look(replica, standsAside), 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return office;
    }

    private void look(ReplicaThread replica, BooleanSupplier standsAside) {
        boolean fit = replica.isFitForOffice() && !standsAside.getAsBoolean();
        if (fit && !hint.isStanding()) {
            hint.stand();
        } else if (!fit && hint.isStanding()) {
            hint.resign();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        hint.close();
    }
}
