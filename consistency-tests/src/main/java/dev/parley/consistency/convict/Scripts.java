package dev.parley.consistency.convict;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Link;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.run.Run;
import dev.parley.consistency.run.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The trials that need a plot. */
final class Scripts {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(15);
    private static final Map<String, String> NO_FLUSH = Map.of("PARLEY_STORAGE_FLUSH_INTERVAL", "1h");

    private Scripts() {}

    /** A plot on a cluster. */
    private interface Plot<C extends Cluster> {
        void play(C cluster, Script script) throws InterruptedException;
    }

    private static <C extends Cluster> Trial trial(String name, Function<Site, C> clusters, Plot<C> plot) {
        return new Trial() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Run.Outcome hold(Site site) throws InterruptedException {
                try (C cluster = clusters.apply(site);
                        Script script = new Script(name, cluster, PATIENCE)) {
                    plot.play(cluster, script);
                    return script.outcome();
                }
            }
        };
    }

    /** Nothing but SIGKILL happens, so a node that cannot go on has lost something. */
    static Trial trimmedAndKilled() {
        return trial("trimmed-and-killed", site -> site.nodes(1, NO_FLUSH), (cluster, script) -> {
            Machine node = cluster.machines().getFirst();
            script.awaitReady(node);
            script.step("many writes", () -> script.add(node, 500));
            long before = logBytes(script, node);
            script.step(
                    "the log is trimmed, perhaps",
                    () -> Script.await(() -> logBytes(script, node) < before, Duration.ofSeconds(6)));
            long acknowledged = number(script, node, "revision", 0);
            script.step("kill and start", () -> {
                node.kill();
                node.start();
            });
            Standstill standstill = new Standstill(script, node);
            Script.await(
                    () -> script.isReady(node) || script.problem(node).isPresent() || standstill.lasts(),
                    Duration.ofSeconds(60));
            accuseOfLoss(script, node, acknowledged, standstill.lasts());
        });
    }

    private static void accuseOfLoss(Script script, Machine node, long acknowledged, boolean standsStill) {
        String after = "After SIGKILL, with its disk as it was, " + node.name();
        Optional<String> problem = script.problem(node);
        long revision = number(script, node, "revision", acknowledged);
        if (problem.isPresent()) {
            script.accuse("lost", after + " says: " + problem.get());
        } else if (standsStill && revision < acknowledged) {
            script.accuse("lost", after + " stays at revision " + revision + ", and had acknowledged " + acknowledged);
        } else if (!script.read(node)) {
            throw new ClusterException(node.name() + " neither serves nor says what is wrong");
        }
    }

    /** A node that is connected to ZooKeeper and not ready applies nothing any more. One thread. */
    private static final class Standstill {
        private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);

        private final Script script;
        private final Machine node;
        private long applied = -1;
        private long sinceNanos = System.nanoTime();

        Standstill(Script script, Machine node) {
            this.script = script;
            this.node = node;
        }

        boolean lasts() {
            long now = number(script, node, "applied_index", -1);
            if (now < 0 || now != applied || !isConnected(script, node) || script.isReady(node)) {
                applied = now;
                sinceNanos = System.nanoTime();
            }
            return System.nanoTime() - sinceNanos > LONG_ENOUGH.toNanos();
        }
    }

    private static long logBytes(Script script, Machine node) {
        return number(script, node, "log_bytes", Long.MAX_VALUE);
    }

    private static long number(Script script, Machine node, String member, long otherwise) {
        return script.status(node)
                .map(status -> status.get(member) instanceof Json.Int(long number) ? number : otherwise)
                .orElse(otherwise);
    }

    /** While one member lags and another is wiped, the third one alone knows: the two must refuse. */
    static Trial wipedBesideLagging() {
        return trial("wiped-beside-lagging", site -> site.nodes(3, Map.of()), (cluster, script) -> {
            List<Machine> nodes = cluster.machines();
            Machine wiped = nodes.get(0);
            Machine knowing = nodes.get(1);
            Machine lagging = nodes.get(2);
            nodes.forEach(script::awaitReady);
            script.step("all three agree", () -> script.add(wiped, 30));
            script.step(lagging.name() + " lags", lagging::kill);
            script.step("the others go on", () -> script.add(wiped, 40));
            script.step(knowing.name() + " is away, " + wiped.name() + " loses its ZooKeeper", () -> {
                knowing.kill();
                wiped.kill();
                wiped.onDisk("rm -rf zookeeper");
                wiped.start();
                lagging.start();
            });
            Script.await(() -> script.isReady(lagging) || script.isReady(wiped), Duration.ofSeconds(25));
            boolean answered = script.read(lagging) | script.read(wiped);
            if (!answered) {
                script.step(knowing.name() + " is back", knowing::start);
                nodes.forEach(script::awaitReady);
                nodes.forEach(script::read);
            }
        });
    }

    /** A node whose tables come from a log that is gone must not serve beside one that begins anew. */
    static Trial forgottenLog() {
        return trial("forgotten-log", site -> site.linked(1), (cluster, script) -> {
            cluster.node(0, Link.Delay.NONE, Map.of());
            cluster.node(0, Link.Delay.NONE, Map.of("PARLEY_CLUSTER_MAY_BEGIN", "false"));
            Machine old = cluster.machines().get(0);
            Machine fresh = cluster.machines().get(1);
            Machine zookeeper = cluster.servers().getFirst();
            old.start();
            script.awaitReady(old);
            script.step("writes", () -> script.add(old, 40));
            script.step("ZooKeeper forgets everything", () -> {
                old.kill();
                zookeeper.kill();
                zookeeper.onDisk("rm -rf data/version-2");
                zookeeper.start();
                cluster.awaitServing();
            });
            script.step(old.name() + " starts, and a new node", () -> {
                old.start();
                Script.await(() -> script.isReady(old) || script.problem(old).isPresent(), Duration.ofSeconds(30));
                fresh.start();
            });
            Script.await(() -> script.isReady(fresh), Duration.ofSeconds(script.isReady(old) ? 30 : 8));
            script.read(old);
            script.read(fresh);
        });
    }

    /** Watch events of what happened while a node was cut off never come; who waits there must be told all the same. */
    static Trial lastWord() {
        Map<String, String> quiet =
                Map.of("PARLEY_STORAGE_FLUSH_INTERVAL", "1h", "PARLEY_ZOOKEEPER_SESSION_TIMEOUT", "60s");
        return trial("last-word", site -> site.linked(1), (cluster, script) -> {
            Link speakers = cluster.node(0, Link.Delay.NONE, quiet);
            Link link = cluster.node(0, Link.Delay.NONE, quiet);
            Machine speaker = cluster.machines().get(0);
            Machine listener = cluster.machines().get(1);
            speaker.start();
            script.awaitReady(speaker);
            if (!Script.await(() -> leads(script, speaker), Duration.ofSeconds(20))) {
                throw new ClusterException(speaker.name() + " does not lead");
            }
            listener.start();
            script.awaitReady(listener);
            script.add(speaker, 5);
            script.read(listener);
            String revision =
                    say(script, speaker, "1").orElseThrow(() -> new ClusterException("the first word is lost"));
            CompletableFuture<Reply> told = listen(listener, revision);
            script.step("silence", () -> Script.await(told::isDone, Duration.ofSeconds(4)));
            script.step("cut off", () -> {
                link.cut(Link.Side.RESET, Link.Side.RESET);
                Script.await(() -> !isConnected(script, listener), Duration.ofSeconds(10));
            });
            script.step("the last word", () -> {
                say(script, speaker, "2").orElseThrow(() -> new ClusterException("the last word is lost"));
                // Killed it would be missed, and that is told through the log as well.
                speakers.cut(Link.Side.SILENT, Link.Side.SILENT);
            });
            script.step("connected again", () -> {
                // Seen from outside: who asks the node how it is may wake it up.
                long made = link.made();
                link.mend();
                if (!Script.await(() -> link.made() > made, Duration.ofSeconds(30))) {
                    throw new ClusterException(listener.name() + " did not connect again");
                }
            });
            hear(script, told);
        });
    }

    private static boolean leads(Script script, Machine node) {
        return script.status(node)
                .map(status -> status.get("role").equals(Json.of("leader")))
                .orElse(false);
    }

    private static boolean isConnected(Script script, Machine node) {
        return script.status(node)
                .map(status -> status.get("zookeeper") instanceof Json.Obj zookeeper
                        && zookeeper.get("state").equals(Json.of("connected")))
                .orElse(false);
    }

    /** @return the revision, if it was acknowledged */
    private static Optional<String> say(Script script, Machine node, String word) {
        Reply reply = script.client(node).send("PUT", "/v1/kv/word", Map.of(), word);
        return reply instanceof Reply.Answer answer && answer.success() ? answer.header("etag") : Optional.empty();
    }

    private static CompletableFuture<Reply> listen(Machine node, String revision) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (NodeClient client = new NodeClient(node.name(), node.url(), Duration.ofSeconds(100))) {
                        return client.send(
                                "GET", "/v1/kv/word", Map.of("If-None-Match", revision, "Prefer", "wait=90"), "");
                    }
                },
                Executors.newVirtualThreadPerTaskExecutor());
    }

    private static void hear(Script script, CompletableFuture<Reply> told) throws InterruptedException {
        String promise = " within " + TOLD_WITHIN.toSeconds()
                + " s after the node was connected again, although the write had been acknowledged before.";
        try {
            Reply reply = told.get(TOLD_WITHIN.toSeconds(), TimeUnit.SECONDS);
            if (!(reply instanceof Reply.Answer answer) || !answer.text().equals("2")) {
                throw new ClusterException("who waited heard " + reply.describe());
            }
        } catch (TimeoutException silence) {
            script.accuse("untold", "Who waited for a change was not told of it" + promise);
        } catch (ExecutionException broken) {
            throw new ClusterException("who waited heard nothing", broken);
        }
    }
}
