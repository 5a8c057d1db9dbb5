package dev.parley.consistency.soak;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.run.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The cluster of a drill under its writers, and what drills do to it. One thread. */
final class Scene implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(180);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final Random random;
    private final Ledger ledger = new Ledger();
    private final Map<String, NodeClient> clients = new LinkedHashMap<>();
    private final Writers writers;
    private final List<Long> readyAfterMillis = new ArrayList<>();
    private long healedNanos = System.nanoTime();

    Scene(Cluster cluster, int valueBytes, long seed) {
        this.cluster = cluster;
        this.random = new Random(seed);
        cluster.machines()
                .forEach(machine -> clients.put(machine.name(), new NodeClient(machine.name(), machine.url(), ANSWER)));
        this.writers = new Writers(List.copyOf(clients.values()), ledger, valueBytes, seed);
    }

    Cluster cluster() {
        return cluster;
    }

    Random random() {
        return random;
    }

    Ledger ledger() {
        return ledger;
    }

    Writers writers() {
        return writers;
    }

    List<NodeClient> nodes() {
        return List.copyOf(clients.values());
    }

    Machine anyMachine() {
        return cluster.machines().get(random.nextInt(cluster.machines().size()));
    }

    NodeClient client(Machine machine) {
        return clients.get(machine.name());
    }

    boolean isReady(Machine machine) {
        return client(machine).send("GET", "/readyz") instanceof Reply.Answer answer && answer.status() == 200;
    }

    /** Whether anything answers there. */
    boolean answers(Machine machine) {
        return client(machine).send("GET", "/livez") instanceof Reply.Answer;
    }

    /** What the node says of itself; empty when it does not answer. */
    Optional<Json.Obj> status(Machine machine) {
        return client(machine).send("GET", "/v1/status") instanceof Reply.Answer answer
                        && answer.json() instanceof Json.Obj status
                ? Optional.of(status)
                : Optional.empty();
    }

    /** From here on nothing is wrong any more: the time until every node is ready counts. */
    void healed() {
        healedNanos = System.nanoTime();
    }

    /** @throws ClusterException when a node is not ready in time */
    void awaitReady() {
        for (Machine machine : cluster.machines()) {
            await(() -> isReady(machine), READY, machine.name() + " was not ready");
        }
    }

    /** As {@link #awaitReady}; how long it took since the cluster was {@link #healed} is kept. */
    void awaitReadyAgain() {
        awaitReady();
        readyAfterMillis.add((System.nanoTime() - healedNanos) / 1_000_000);
    }

    /** How long it took each time until every node was ready. */
    List<Long> readyAfterMillis() {
        return List.copyOf(readyAfterMillis);
    }

    /** Waits until so many more writes were acknowledged. */
    void awaitAcknowledged(int more) {
        long wanted = ledger.acknowledged() + more;
        await(() -> ledger.acknowledged() >= wanted, READY, more + " more writes were not acknowledged");
    }

    /** @throws ClusterException with the sentence begun by {@code complaint}, when it does not become true in time */
    void await(BooleanSupplier condition, Duration atMost, String complaint) {
        if (!Script.await(condition, atMost)) {
            throw new ClusterException(complaint + " within " + atMost.toSeconds() + " s");
        }
    }

    /** Lets writers work for a random while. */
    void rest(Duration atLeast, Duration atMost) {
        long spread = atMost.minus(atLeast).toMillis();
        LockSupport.parkNanos(atLeast.toNanos()
                + Duration.ofMillis(random.nextLong(spread + 1)).toNanos());
    }

    @Override
    public void close() {
        writers.close();
        clients.values().forEach(NodeClient::close);
    }
}
