package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.List;

/** {@code /v1/compact}: gives up history. */
final class CompactResource implements Resource {
    private final Replica replica;

    CompactResource(Replica replica) {
        this.replica = replica;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/compact", true).on("POST", this::compact));
    }

    private Answer compact(Request request, String rest) {
        Duration timeout = request.params(List.of("timeout")).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(List.of("revision"));
        long revision = body.number("revision", 0, Numbers.MAX).orElseThrow(() -> body.missing("revision"));
        Command command = new Command.Compact(revision);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, content), timeout), Outcomes.Asked.of(command));
    }
}
