package dev.parley.store.replica.sim;

import dev.parley.store.log.FakeLog;
import dev.parley.store.replica.CoreVariant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A cluster in one thread: nodes that crash and lose what was not flushed, a log that loses, delays and overtakes,
 * clients that check every answer. First chaos, then calm; in the calm everything must come to its end.
 */
final class Simulation {
    private static final long MILLI = 1_000_000;
    private static final long CALM_NANOS_MAX = 120_000 * MILLI;
    private static final long HEARD_WITHIN_NANOS = 2_000 * MILLI;
    private static final int PROBES = 3;
    private static final int ENTRY_BYTES_MAX = 1 << 20;

    private final long seed;
    private final SplittableRandom random;
    private final VirtualTime time;
    private final Storm storm;
    private final FakeLog log;
    private final Judge judge;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final SimClient.Progress progress = new SimClient.Progress();
    private final Faults faults;

    Simulation(long seed, CoreVariant variant, boolean tracing) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.time = new VirtualTime(tracing);
        this.storm = new Storm(random.split());
        this.log = new FakeLog(new UUID(seed, 1), time, storm, ENTRY_BYTES_MAX);
        this.judge = new Judge(log);
        int count = random.nextInt(3, 6);
        for (int i = 1; i <= count; i++) {
            nodes.add(new SimNode("n" + i, time, log, variant, random.split(), nodes));
        }
        int operations = random.nextInt(10, 31);
        int busy = random.nextInt(3, 10);
        for (int i = 1; i <= busy; i++) {
            clients.add(new SimClient("c" + i, time, nodes, judge, random.split(), progress, operations));
        }
        faults = new Faults(time, log, nodes, random.split());
    }

    SimClient.Progress progress() {
        return progress;
    }

    int installs() {
        return nodes.stream().mapToInt(SimNode::installs).sum();
    }

    long steps() {
        return time.steps();
    }

    List<String> trace() {
        return time.trace();
    }

    /** Throws an {@link AssertionError} that names the seed when anything is wrong. */
    void run() {
        try {
            nodes.forEach(SimNode::start);
            clients.forEach(SimClient::begin);
            long chaosNanos = MILLI * random.nextInt(500, 3_000);
            faults.begin();
            time.runUntil(() -> false, chaosNanos);
            storm.calm();
            faults.heal();
            comeToAnEnd();
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(
                    "seed " + seed + " at " + time.nowNanos() + " ns: " + failure.getMessage(), failure);
        }
    }

    private void comeToAnEnd() {
        boolean ended =
                time.runUntil(() -> clients.stream().allMatch(SimClient::isDone), time.nowNanos() + CALM_NANOS_MAX);
        Judge.require(ended, () -> "in the calm, not every operation ended");
        long last = judge.lastIndex();
        boolean converged = time.runUntil(
                () -> nodes.stream()
                        .allMatch(node ->
                                applied(node) >= last && node.core().status().ready()),
                time.nowNanos() + CALM_NANOS_MAX);
        Judge.require(
                converged,
                () -> "in the calm, not every replica came to " + last + ": "
                        + nodes.stream().map(Simulation::applied).toList());
        for (int i = 0; i < PROBES; i++) {
            everyoneHearsSoonOfAWrite("probe " + i);
        }
        judge.attemptsAreAppliedOnce();
        clients.forEach(SimClient::ledgerIsRight);
        nodes.forEach(this::compare);
    }

    /** Also those that write nothing themselves, and also when every hint is lost. */
    private void everyoneHearsSoonOfAWrite(String author) {
        SimNode writer = nodes.get(random.nextInt(nodes.size()));
        writer.now(writer.core());
        writer.core().submit(SimClient.probe(author), time.nowNanos() + CALM_NANOS_MAX, result -> {});
        boolean stored = time.runUntil(() -> judge.fact(author).isPresent(), time.nowNanos() + CALM_NANOS_MAX);
        Judge.require(stored, () -> author + " is never stored");
        long index = judge.fact(author).orElseThrow().index();
        boolean heard = time.runUntil(
                () -> nodes.stream().allMatch(node -> applied(node) >= index), time.nowNanos() + HEARD_WITHIN_NANOS);
        Judge.require(heard, () -> author + " at " + index + " is not heard of within 2 s: " + places());
    }

    private List<Long> places() {
        return nodes.stream().map(Simulation::applied).toList();
    }

    private static long applied(SimNode node) {
        return node.core().position().applied().value();
    }

    /** Replicas may be apart by what came last; each is compared where it has come to the log's end. */
    private void compare(SimNode node) {
        boolean atEnd = time.runUntil(() -> applied(node) == judge.lastIndex(), time.nowNanos() + CALM_NANOS_MAX);
        Judge.require(atEnd, () -> node.name() + " is never at the end of the log");
        judge.stateIsTheReference(node.name(), node.core().state());
    }
}
