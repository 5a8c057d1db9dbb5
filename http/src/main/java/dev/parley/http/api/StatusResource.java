package dev.parley.http.api;

import dev.parley.coordination.control.ControlBoard;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** {@code /v1/status}, {@code /livez} and {@code /readyz}: this node, as it sees itself. */
final class StatusResource implements Resource {
    private final HttpConfig config;
    private final Replica replica;
    private final NodeFacts facts;
    private final BooleanSupplier stopping;
    private final ControlBoard board;

    StatusResource(HttpConfig config, Replica replica, NodeFacts facts, BooleanSupplier stopping, ControlBoard board) {
        this.config = config;
        this.replica = replica;
        this.facts = facts;
        this.stopping = stopping;
        this.board = board;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/livez", false).on("GET", this::alive),
                Route.of("/readyz", false).on("GET", this::ready),
                Route.of("/v1/status", false).on("GET", this::status));
    }

    private Answer alive(Request request, String rest) {
        request.params(List.of());
        return Answer.json(
                200, new JsonWriter(16).object().name("alive").bool(true).end());
    }

    private Answer ready(Request request, String rest) {
        Params params = request.params(List.of("consistency"));
        boolean stale = ReadLevel.of(params).stale();
        Status status = replica.status();
        boolean ready = !leaves() && (stale ? status.staleReady() : status.ready());
        if (!ready) {
            throw Problem.of(ProblemType.NOT_READY, why(status))
                    .with(json -> json.name("ready").bool(false))
                    .with(json -> {
                        json.name("missing").array();
                        missing(status, stale).forEach(json::text);
                        json.endArray();
                    })
                    .with(json -> json.name("zookeeper").text(facts.zookeeper().state()));
        }
        JsonWriter json = new JsonWriter(64);
        json.object().name("ready").bool(true).name("missing").array().endArray();
        return Answer.json(200, json.end());
    }

    /** Stopping, or asked to take no new work. */
    private boolean leaves() {
        return stopping.getAsBoolean() || board.isDraining();
    }

    private List<String> missing(Status status, boolean stale) {
        List<String> missing = new ArrayList<>();
        if (!stale && !facts.zookeeper().state().equals("connected")) {
            missing.add("cluster");
        }
        if (!(stale ? status.staleReady() : status.ready())) {
            missing.add("store");
        }
        if (leaves()) {
            missing.add("gateway");
        }
        return missing;
    }

    private String why(Status status) {
        if (board.isDraining() && !stopping.getAsBoolean()) {
            return "The node is being drained.";
        }
        if (stopping.getAsBoolean()) {
            return "The node is stopping.";
        }
        return status.problem().isEmpty()
                ? "The store is not ready yet."
                : "The store is broken: " + status.problem() + ".";
    }

    private Answer status(Request request, String rest) {
        request.params(List.of());
        Status status = replica.status();
        NodeFacts.ZooKeeper zookeeper = facts.zookeeper();
        JsonWriter json = new JsonWriter(512);
        json.object().name("node").text(config.node());
        json.name("cluster").text(config.cluster());
        json.name("version").text(config.version());
        json.name("role").text(status.leader() ? "leader" : "follower");
        json.name("ready").bool(status.ready());
        json.name("applied_index").number(status.appliedIndex());
        json.name("revision").number(status.revision());
        json.name("log_bytes").number(status.logBytesLive());
        json.name("zookeeper").object();
        json.name("state").text(zookeeper.state()).name("mode").text(zookeeper.mode());
        json.end();
        json.name("uptime_seconds").number(facts.uptime().toSeconds());
        json.name("trim_held_by").array();
        status.trimHeldBy().forEach(json::text);
        json.endArray();
        facts.rebuild().ifPresent(rebuild -> {
            json.name("rebuild").object().name("state").text(rebuild.state());
            json.name("why").text(rebuild.why());
            if (!rebuild.from().isEmpty()) {
                json.name("from").text(rebuild.from());
                json.name("bytes").number(rebuild.bytes());
                json.name("bytes_total").number(rebuild.bytesTotal());
            }
            json.end();
        });
        if (!facts.setAside().isEmpty()) {
            json.name("set_aside").array();
            facts.setAside().forEach(json::text);
            json.endArray();
        }
        if (!status.problem().isEmpty()) {
            json.name("problem").text(status.problem());
        }
        return Answer.json(200, json.end());
    }
}
