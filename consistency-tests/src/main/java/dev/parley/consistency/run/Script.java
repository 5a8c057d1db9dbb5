package dev.parley.consistency.run;

import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.checker.Limits;
import dev.parley.consistency.checker.Verdict;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.history.History;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.workload.Call;
import dev.parley.consistency.workload.Completion;
import dev.parley.consistency.workload.Workload;
import dev.parley.consistency.workload.Workloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A run whose steps are told one after the other, for what goes wrong only in a certain order. Elements are added and
 * read back through nodes as the workload {@code set} does, and judged like it; every step is in the history. One thread.
 */
public final class Script implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final String name;
    private final Cluster cluster;
    private final Duration timeout;
    private final Recorder recorder = new Recorder();
    private final Workload workload;
    private final Random random = new Random(1);
    private final Map<String, NodeClient> clients = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final long begun = System.nanoTime();
    private long process;

    /** @param timeout how long to wait for each answer */
    public Script(String name, Cluster cluster, Duration timeout) {
        this.name = name;
        this.cluster = cluster;
        this.timeout = timeout;
        workload = Workloads.all().get("set").make().apply("s" + Long.toString(System.currentTimeMillis(), 36));
    }

    /** The client of a node. */
    public NodeClient client(Machine machine) {
        return clients.computeIfAbsent(machine.name(), node -> new NodeClient(node, machine.url(), timeout));
    }

    /** Writes a step down, and does it. */
    public void step(String what, Runnable deed) {
        Clients.note(recorder, "step", Json.of(what), Map.of());
        deed.run();
    }

    /** Adds elements until so many were acknowledged. @throws ClusterException when it takes too long */
    public void add(Machine through, int count) {
        long end = System.nanoTime() + READY.toNanos();
        for (int added = 0; added < count; ) {
            if (System.nanoTime() - end > 0) {
                throw new ClusterException(through.name() + " took only " + added + " of " + count + " elements");
            }
            Call call = workload.next(0, random);
            added += perform(call, through).type() == Type.OK && call.f().equals("add") ? 1 : 0;
        }
    }

    /** Reads everything through a node, once. @return whether the node answered every read */
    public boolean read(Machine through) {
        boolean all = true;
        for (Call call : workload.lastReads()) {
            all &= perform(call, through).type() == Type.OK;
        }
        return all;
    }

    private Completion perform(Call call, Machine through) {
        String who = Long.toString(process);
        Map<String, Json> where = Map.of("node", Json.of(through.name()));
        recorder.record(who, Type.INVOKE, call.f(), call.key(), call.value(), where);
        Completion completion = call.perform().apply(client(through)).with("node", Json.of(through.name()));
        recorder.record(who, completion.type(), call.f(), call.key(), completion.value(), completion.fields());
        process += completion.type() == Type.INFO ? 1 : 0;
        return completion;
    }

    /** What the node says of itself; empty when it does not answer. */
    public Optional<Json.Obj> status(Machine machine) {
        return client(machine).send("GET", "/v1/status") instanceof Reply.Answer answer
                        && answer.json() instanceof Json.Obj status
                ? Optional.of(status)
                : Optional.empty();
    }

    /** The invariant a node says is broken. */
    public Optional<String> problem(Machine machine) {
        return status(machine)
                .flatMap(status ->
                        status.get("problem") instanceof Json.Text(String what) ? Optional.of(what) : Optional.empty());
    }

    public boolean isReady(Machine machine) {
        return Run.allReady(List.of(client(machine)));
    }

    /** @throws ClusterException when it is not ready in time, so that nothing is shown */
    public void awaitReady(Machine machine) {
        if (!await(() -> isReady(machine), READY)) {
            throw new ClusterException(machine.name() + " was not ready within " + READY.toSeconds() + " s");
        }
    }

    /** @return whether it became true in time */
    public static boolean await(BooleanSupplier condition, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }

    /** Something is wrong that no reading of the history can tell. */
    public void accuse(String kind, String sentence) {
        findings.add(new Finding(kind, "", sentence));
    }

    /** Judges what happened so far. */
    public Run.Outcome outcome() {
        History history = recorder.history("history.jsonl");
        Verdict verdict = workload.checker().check(history, Limits.standard());
        if (!findings.isEmpty()) {
            verdict = Verdict.invalid(findings).and(verdict);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        Plan plan = new Plan(name, List.of(), took, 1, 1, 1, timeout);
        return new Run.Outcome(plan, cluster.describe(), history, verdict, took);
    }

    @Override
    public void close() {
        clients.values().forEach(NodeClient::close);
    }
}
