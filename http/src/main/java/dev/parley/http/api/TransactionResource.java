package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.List;

/** {@code /v1/txn}: transactions. */
final class TransactionResource implements Resource {
    private final Replica replica;

    TransactionResource(Replica replica) {
        this.replica = replica;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/txn", true).on("POST", this::post));
    }

    private Answer post(Request request, String rest) {
        Params params = request.params(List.of("base64", "timeout"));
        boolean base64 = params.flag("base64");
        Duration timeout = params.timeout();
        Companions companions = Companions.of(request);
        Bytes body = request.body(JsonObject.BODY_BYTES_MAX);
        Command.Transaction transaction = TransactionReader.read(JsonObject.of(request, body));
        return Outcomes.answer(
                replica.submit(companions.submission(transaction, request, body), timeout),
                new Outcomes.Asked(transaction, base64));
    }
}
