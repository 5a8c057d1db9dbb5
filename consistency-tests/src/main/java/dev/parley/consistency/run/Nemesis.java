package dev.parley.consistency.run;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.nemesis.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Lets faults happen one after the other, in an order the seed decides, each once before any comes again, and undoes them. */
final class Nemesis {
    private static final int RECOVERY_SECONDS = 15;

    private final Cluster cluster;
    private final List<NodeClient> nodes;
    private final Recorder recorder;
    private final Plan plan;
    private final Map<String, Fault> faults = new LinkedHashMap<>();
    private final Map<String, Integer> evidence = new LinkedHashMap<>();
    private final List<String> troubles = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Set<String> owing = ConcurrentHashMap.newKeySet();
    private Thread thread;

    Nemesis(
            Cluster cluster,
            List<NodeClient> nodes,
            Recorder recorder,
            Plan plan,
            Function<String, Optional<Fault>> known) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.recorder = recorder;
        this.plan = plan;
        plan.faults().forEach(name -> {
            faults.put(
                    name, known.apply(name).orElseThrow(() -> new IllegalArgumentException("unknown fault " + name)));
            evidence.put(name, 0);
            owing.add(name);
        });
    }

    void start() {
        thread = Thread.ofPlatform().daemon().name("nemesis").start(this::disturb);
    }

    /** Ends the fault that is under way, and all others for good measure. */
    void stop() throws InterruptedException {
        over.countDown();
        thread.join();
        faults.forEach((name, fault) -> attempt(name, () -> fault.end(cluster)));
        Clients.note(recorder, "healed", Json.NULL, Map.of());
    }

    /** Whether a fault has not had its turn yet, as those before it took long. Any thread. */
    boolean isOwing() {
        return !owing.isEmpty();
    }

    /** How often each fault was seen to take effect. */
    Map<String, Integer> evidence() {
        return evidence;
    }

    /** What the suite could not do. */
    List<String> troubles() {
        return troubles;
    }

    private void disturb() {
        Random random = new Random(plan.seed());
        List<String> names = new ArrayList<>(faults.keySet());
        long quiet = Math.min(8_000, Math.max(200, plan.time().toMillis() / 12));
        List<String> bag = new ArrayList<>();
        while (!names.isEmpty() && !pause(quiet / 2 + random.nextInt((int) quiet))) {
            if (bag.isEmpty()) {
                bag.addAll(names);
                java.util.Collections.shuffle(bag, random);
            }
            once(bag.removeFirst(), random, quiet);
            // Mostly the cluster may recover before the next fault, or a short run would see little but refusals.
            boolean hurry = random.nextInt(4) == 0;
            for (int i = 0; i < RECOVERY_SECONDS * 5 && !hurry && !Run.allReady(nodes); i++) {
                if (pause(200)) {
                    break;
                }
            }
        }
    }

    private void once(String name, Random random, long lengthMillis) {
        Fault fault = faults.get(name);
        boolean begun = attempt(name, () -> {
            Clients.note(recorder, name, Json.of("begins"), Map.of());
            String target = fault.begin(cluster, random);
            Clients.note(recorder, name, Json.of(target), Map.of("phase", Json.of("begin")));
        });
        pause(lengthMillis / 2 + random.nextInt((int) lengthMillis));
        attempt(name, () -> {
            String proof = begun ? fault.evidence(cluster) : "";
            evidence.merge(name, proof.isEmpty() ? 0 : 1, Integer::sum);
            Clients.note(recorder, name, Json.of(proof), Map.of("phase", Json.of("evidence")));
        });
        attempt(name, () -> fault.end(cluster));
        Clients.note(recorder, name, Json.NULL, Map.of("phase", Json.of("end")));
        owing.remove(name);
    }

    private boolean attempt(String name, Runnable deed) {
        try {
            deed.run();
            return true;
        } catch (ClusterException | NumberFormatException trouble) {
            troubles.add(name + ": " + trouble.getMessage());
            Clients.note(
                    recorder, name, Json.of(String.valueOf(trouble.getMessage())), Map.of("phase", Json.of("trouble")));
            return false;
        }
    }

    /** True when the run is over. */
    private boolean pause(long millis) {
        try {
            return over.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
