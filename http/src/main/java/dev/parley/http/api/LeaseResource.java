package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Leases;
import dev.parley.store.kv.Leases.Lease;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.MapView;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /v1/leases}: what keys can be tied to, so that they die with their owner. */
final class LeaseResource implements Resource {
    private static final List<String> READ_PARAMETERS = List.of("consistency", "min_revision", "timeout");
    private static final List<String> LIST_PARAMETERS =
            List.of("limit", "after", "consistency", "min_revision", "timeout");
    private static final List<String> WRITE_PARAMETERS = List.of("timeout");
    private static final int LIMIT_DEFAULT = 100;
    private static final int PAGE_BYTES_MAX = 8 << 20;

    private final Replica replica;

    LeaseResource(Replica replica) {
        this.replica = replica;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/leases", true).on("POST", this::grant).on("GET", this::list),
                Route.of("/v1/leases/<id>:keepalive", true).on("POST", this::keepAlive),
                Route.of("/v1/leases/<id>", true).on("GET", this::get).on("DELETE", this::revoke));
    }

    private Answer grant(Request request, String rest) {
        Params params = request.params(WRITE_PARAMETERS);
        Duration timeout = params.timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(List.of("ttl"));
        String text = body.requiredText("ttl");
        Duration ttl = Durations.parse(text)
                .filter(given ->
                        given.compareTo(Limits.LEASE_TTL_MIN) >= 0 && given.compareTo(Limits.LEASE_TTL_MAX) <= 0)
                .orElseThrow(() -> Problem.field("/ttl", "ttl must be a whole number and a unit, 1s to 24h."));
        Command command = new Command.GrantLease(ttl);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, content), timeout), Outcomes.Asked.of(command));
    }

    private Answer keepAlive(Request request, String rest) {
        return submit(request, new Command.KeepLeaseAlive(id(rest)));
    }

    private Answer revoke(Request request, String rest) {
        return submit(request, new Command.RevokeLease(id(rest)));
    }

    private Answer submit(Request request, Command command) {
        Duration timeout = request.params(WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, Bytes.EMPTY), timeout),
                Outcomes.Asked.of(command));
    }

    private static long id(String raw) {
        return LeaseIds.idOf(text(raw));
    }

    private static String text(String raw) {
        return Percent.ofPath(raw)
                .map(bytes -> Bytes.wrap(bytes).utf8())
                .orElseThrow(() -> Problem.of(
                        ProblemType.MALFORMED_PATH, "A percent sign must be followed by two hexadecimal digits."));
    }

    private Answer get(Request request, String rest) {
        ReadLevel level = ReadLevel.of(request.params(READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            Optional<Lease> lease = Leases.find(read.view(), id(rest));
            if (lease.isEmpty()) {
                throw read.mark(Outcomes.noSuchLease(text(rest)));
            }
            JsonWriter json = new JsonWriter(256);
            write(json, read.view(), lease.get());
            return read.mark(Answer.json(200, json));
        }
    }

    private Answer list(Request request, String rest) {
        Params params = request.params(LIST_PARAMETERS);
        long after = params.number("after", 0, Numbers.MAX).orElse(0L);
        long limit = params.number("limit", 1, Limits.RANGE_ITEMS_MAX).orElse((long) LIMIT_DEFAULT);
        ReadLevel level = ReadLevel.of(params);
        try (OpenRead read = level.open(replica)) {
            List<Lease> page = new ArrayList<>();
            Leases.visit(read.view(), lease -> {
                if (lease.id() > after) {
                    page.add(lease);
                }
                return page.size() <= limit;
            });
            return read.mark(Answer.json(200, list(read, page, limit)));
        }
    }

    private static JsonWriter list(OpenRead read, List<Lease> leases, long limit) {
        JsonWriter json = new JsonWriter(1 << 10);
        json.object().name("items").array();
        int written = 0;
        while (written < leases.size() && written < limit && json.size() < PAGE_BYTES_MAX) {
            write(json, read.view(), leases.get(written++));
        }
        boolean more = written < leases.size();
        json.endArray().name("revision").number(read.revision());
        json.name("more").bool(more).name("next");
        if (more) {
            json.text(Long.toString(leases.get(written - 1).id()));
        } else {
            json.nothing();
        }
        return json.end();
    }

    private static void write(JsonWriter json, MapView view, Lease lease) {
        json.object().name("id").text(Long.toString(lease.id()));
        json.name("ttl").text(Durations.format(lease.ttl()));
        json.name("remaining").text(Durations.format(lease.left()));
        json.name("keys").array();
        for (Key key : Leases.keys(view, lease.id())) {
            json.utf8(key.bytes().unsafeArray());
        }
        json.endArray().end();
    }
}
