package dev.parley.http.api;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Outcome.TransactionDone.Result;
import java.util.List;
import java.util.Optional;

/** How a transaction's results are written. */
final class TransactionAnswer {
    private TransactionAnswer() {}

    static JsonWriter of(Outcome.TransactionDone done, Outcomes.Asked asked) {
        Command.Transaction transaction = (Command.Transaction) asked.command();
        List<Operation> operations = done.succeeded() ? transaction.success() : transaction.failure();
        JsonWriter json = new JsonWriter(512);
        json.object();
        json.name("succeeded").bool(done.succeeded());
        json.name("revision").number(done.revision());
        json.name("results").array();
        for (int i = 0; i < done.results().size(); i++) {
            write(json, operations.get(i), done.results().get(i), asked.base64());
        }
        return json.endArray().end();
    }

    private static void write(JsonWriter json, Operation operation, Result result, boolean base64) {
        json.object();
        switch (result) {
            case Result.Put put -> put(json.name("put"), (Operation.Put) operation, put);
            case Result.Get(Optional<Outcome.Item> item) -> {
                json.name("get").object().name("item");
                item.ifPresentOrElse(found -> item(json, found, base64), json::nothing);
                json.end();
            }
            case Result.Deleted(long deleted) ->
                json.name("delete").object().name("deleted").number(deleted).end();
            case Result.Range(List<Outcome.Item> items, boolean more) -> {
                json.name("range").object().name("items").array();
                items.forEach(item -> item(json, item, base64));
                json.endArray().name("more").bool(more).end();
            }
        }
        json.end();
    }

    private static void put(JsonWriter json, Operation.Put operation, Result.Put put) {
        Optional<Long> lease =
                operation.lease() instanceof LeaseChoice.Existing(long id) ? Optional.of(id) : Optional.empty();
        Outcomes.put(json, operation.key(), put.revision(), put.version(), put.created(), lease);
    }

    private static void item(JsonWriter json, Outcome.Item item, boolean base64) {
        Items.write(json, item.key(), item.version(), true, base64);
    }
}
