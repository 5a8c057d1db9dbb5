package dev.parley.http.api;

import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.Subsystems;
import dev.parley.store.kv.Members;
import dev.parley.store.replica.Replica;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /v1/system}, the parts of this node, and {@code /v1/health}, the cluster as this node sees it. */
final class SystemResource implements Resource {
    private final Replica replica;
    private final MemberStates states;
    private final ControlBoard board;

    SystemResource(Replica replica, MemberStates states, ControlBoard board) {
        this.replica = replica;
        this.states = states;
        this.board = board;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/system", false).on("GET", this::system),
                Route.of("/v1/health", false).on("GET", this::health));
    }

    private Answer system(Request request, String rest) {
        request.params(List.of());
        Subsystems now = board.subsystems();
        JsonWriter json = new JsonWriter(256);
        json.object().name("status").text(board.isDraining() ? "leaving" : now.status());
        names(json, "expected", now.expected());
        names(json, "ready", now.in(Subsystems.State.READY));
        names(json, "missing", now.missing());
        names(json, "failed", now.in(Subsystems.State.FAILED));
        return Answer.json(200, json.end());
    }

    private static void names(JsonWriter json, String field, List<String> names) {
        json.name(field).array();
        names.forEach(json::text);
        json.endArray();
    }

    /** {@code critical} when nothing can be written through this node, {@code degraded} when a member is not well. */
    private Answer health(Request request, String rest) {
        request.params(List.of());
        Map<String, String> nodes = new TreeMap<>();
        replica.view().ifPresent(view -> {
            try (view) {
                Members.all(view).forEach(member -> nodes.put(member.node(), states.of(view, member.node())));
            }
        });
        boolean well = nodes.values().stream().allMatch(MemberStates.READY::equals);
        String status = !replica.status().ready() ? "critical" : well ? "healthy" : "degraded";
        JsonWriter json = new JsonWriter(256);
        json.object().name("status").text(status).name("nodes").array();
        nodes.forEach((node, state) ->
                json.object().name("id").text(node).name("state").text(state).end());
        json.endArray().name("last_check").text(Times.format(board.lookedAtMillis()));
        return Answer.json(200, json.end());
    }
}
