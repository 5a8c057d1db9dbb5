package dev.parley.consistency.run;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.checker.Limits;
import dev.parley.consistency.checker.Stats;
import dev.parley.consistency.checker.Verdict;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.history.History;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.nemesis.Fault;
import dev.parley.consistency.nemesis.Faults;
import dev.parley.consistency.workload.Workload;
import dev.parley.consistency.workload.Workloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** One run: clients work while faults happen, everything heals, every node is read for the last time, and the history is judged. */
public final class Run {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final int LAST_READ_ATTEMPTS = 10;

    /**
     * What a run showed.
     *
     * @param history as it would be read from a file
     */
    public record Outcome(Plan plan, String cluster, History history, Verdict verdict, Duration took) {}

    private final Cluster cluster;
    private final Plan plan;
    private final Function<String, Workload> workloads;
    private final Function<String, Optional<Fault>> faults;

    public Run(Cluster cluster, Plan plan) {
        this(
                cluster,
                plan,
                prefix -> Workloads.all().get(plan.workload()).make().apply(prefix),
                Faults::named);
    }

    /**
     * With a workload and faults that are not of those everybody may choose from.
     *
     * @param workloads makes the workload, given a prefix for its keys
     * @param faults makes a fault of that name of the plan
     */
    public Run(
            Cluster cluster,
            Plan plan,
            Function<String, Workload> workloads,
            Function<String, Optional<Fault>> faults) {
        this.cluster = cluster;
        this.plan = plan;
        this.workloads = workloads;
        this.faults = faults;
    }

    /** @throws ClusterException when the cluster never became ready, so that nothing was shown */
    public Outcome execute() throws InterruptedException {
        long begun = System.nanoTime();
        Workload workload = workloads.apply("c" + Long.toString(System.currentTimeMillis(), 36));
        List<NodeClient> nodes = new ArrayList<>();
        cluster.machines().forEach(machine -> nodes.add(new NodeClient(machine.name(), machine.url(), plan.timeout())));
        try {
            if (!awaitReady(nodes)) {
                throw new ClusterException("the cluster was not ready within " + READY.toSeconds() + " s");
            }
            prepare(workload, nodes.getFirst());
            Recorder recorder = new Recorder();
            Clients clients = new Clients(workload, nodes, recorder, plan);
            Nemesis nemesis = new Nemesis(cluster, nodes, recorder, plan, faults);
            nemesis.start();
            clients.work(nemesis::isOwing);
            nemesis.stop();
            new Recovery(cluster, nodes).await(READY);
            if (!plan.faults().isEmpty()) {
                LockSupport.parkNanos(SETTLE.toNanos());
            }
            Inquest inquest = new Inquest(workload, nodes, recorder);
            inquest.hold();
            clients.lastReads(LAST_READ_ATTEMPTS);
            Verdict state = new FinalState(nodes, recorder).compare();
            History history = recorder.history("history.jsonl");
            Verdict verdict =
                    judge(workload, history).and(state).and(evidence(nemesis)).and(recovery(nodes));
            Verdict told = verdict.and(Verdict.valid(Map.of("unanswered", inquest.counts())));
            return new Outcome(plan, cluster.describe(), history, told, Duration.ofNanos(System.nanoTime() - begun));
        } finally {
            workload.close();
            nodes.forEach(NodeClient::close);
        }
    }

    private static Verdict judge(Workload workload, History history) {
        Limits limits = Limits.standard();
        return workload.checker().check(history, limits).and(new Stats().check(history, limits));
    }

    private static void prepare(Workload workload, NodeClient node) {
        for (int attempt = 0; attempt < LAST_READ_ATTEMPTS; attempt++) {
            if (workload.prepare(node)) {
                return;
            }
            LockSupport.parkNanos(500_000_000);
        }
        throw new ClusterException("the cluster did not take the first writes of the workload");
    }

    private static boolean awaitReady(List<NodeClient> nodes) {
        long end = System.nanoTime() + READY.toNanos();
        while (System.nanoTime() - end < 0) {
            if (allReady(nodes)) {
                return true;
            }
            LockSupport.parkNanos(200_000_000);
        }
        return false;
    }

    static boolean allReady(List<NodeClient> nodes) {
        return nodes.stream()
                .allMatch(node -> node.send("GET", "/readyz") instanceof Reply.Answer answer && answer.status() == 200);
    }

    private static Verdict evidence(Nemesis nemesis) {
        List<Finding> missing = new ArrayList<>();
        Map<String, Json> seen = new LinkedHashMap<>();
        nemesis.evidence().forEach((fault, times) -> {
            seen.put(fault, Json.of(times));
            if (times == 0) {
                String trouble = nemesis.troubles().stream()
                        .filter(t -> t.startsWith(fault + ":"))
                        .findFirst()
                        .map(t -> " (" + t + ")")
                        .orElse("");
                missing.add(new Finding(
                        "no-evidence", "", "The fault " + fault + " was never seen to take effect" + trouble + "."));
            }
        });
        return new Verdict(
                missing.isEmpty() ? Answer.VALID : Answer.UNKNOWN, missing, Map.of("faults_seen", new Json.Obj(seen)));
    }

    private Verdict recovery(List<NodeClient> nodes) {
        List<Finding> missing = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (!allReady(nodes.subList(i, i + 1))) {
                boolean down = cluster.machines().get(i).state() == Machine.State.DOWN;
                missing.add(new Finding(
                        "not-recovered",
                        "",
                        "Node " + nodes.get(i).name() + (down ? " ended by itself" : " was not ready") + " within "
                                + READY.toSeconds() + " s after everything had healed."));
            }
        }
        return new Verdict(missing.isEmpty() ? Answer.VALID : Answer.UNKNOWN, missing, Map.of());
    }
}
