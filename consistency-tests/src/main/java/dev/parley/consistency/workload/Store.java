package dev.parley.consistency.workload;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The requests that workloads are made of. */
final class Store {
    private static final int PAGE = 1000;
    private static final int PAGES_MAX = 100;

    private Store() {}

    /** What a key held. */
    record Item(Json value, long revision, long version) {
        static final Item MISSING = new Item(Json.NULL, 0, 0);
    }

    /** A result, or the reply that was none. */
    sealed interface Outcome<T> {
        record Got<T>(T value) implements Outcome<T> {}

        record Missed<T>(Reply reply) implements Outcome<T> {}
    }

    static Outcome<Item> get(NodeClient node, String key) {
        Reply reply = node.send("GET", NodeClient.key(key));
        if (reply instanceof Reply.Answer answer) {
            if (answer.status() == 404) {
                return new Outcome.Got<>(Item.MISSING);
            }
            if (answer.status() == 200) {
                long revision = answer.header("etag")
                        .map(tag -> number(tag.replace("\"", "")))
                        .orElse(-1L);
                return new Outcome.Got<>(new Item(
                        value(answer.text()),
                        revision,
                        answer.header("parley-version").map(Store::number).orElse(-1L)));
            }
        }
        return new Outcome.Missed<>(reply);
    }

    static Reply put(NodeClient node, String key, Json value, Map<String, String> headers) {
        return node.send("PUT", NodeClient.key(key), headers, value.text());
    }

    /** Several keys at one moment, by one transaction of gets. */
    static Outcome<List<Item>> getAll(NodeClient node, List<String> keys) {
        Json request = object(Map.of(
                "success",
                new Json.Array(keys.stream()
                        .map(key -> object(Map.of("get", object(Map.of("key", Json.of(key))))))
                        .toList())));
        Reply reply = txn(node, request);
        if (reply instanceof Reply.Answer answer
                && answer.status() == 200
                && answer.member("results") instanceof Json.Array(List<Json> results)) {
            return new Outcome.Got<>(results.stream()
                    .map(result -> item(member(member(result, "get"), "item")))
                    .toList());
        }
        return new Outcome.Missed<>(reply);
    }

    static Item item(Json json) {
        if (json instanceof Json.Obj item) {
            String text = item.get("value") instanceof Json.Text(String value) ? value : "";
            return new Item(value(text), whole(item.get("mod_revision")), whole(item.get("version")));
        }
        return Item.MISSING;
    }

    static Reply txn(NodeClient node, Json request) {
        return node.send("POST", "/v1/txn", Map.of("Content-Type", "application/json"), request.text());
    }

    /** A transaction that writes the values if every key still has the revision given. */
    static Json exchange(Map<String, Long> revisions, Map<String, Json> values) {
        List<Json> compare = new ArrayList<>();
        revisions.forEach((key, revision) -> {
            Map<String, Json> members = new LinkedHashMap<>();
            members.put("key", Json.of(key));
            members.put("target", Json.of("mod_revision"));
            members.put("op", Json.of("="));
            members.put("mod_revision", Json.of(revision));
            compare.add(object(members));
        });
        return object(Map.of("compare", new Json.Array(compare), "success", new Json.Array(puts(values))));
    }

    private static List<Json> puts(Map<String, Json> values) {
        List<Json> puts = new ArrayList<>();
        values.forEach((key, value) ->
                puts.add(object(Map.of("put", object(Map.of("key", Json.of(key), "value", Json.of(value.text())))))));
        return puts;
    }

    /** A transaction that writes one value if the key holds another; from null: if it is missing. */
    static Json compareAndSet(String key, Json from, Json to) {
        Map<String, Json> compare = new LinkedHashMap<>();
        compare.put("key", Json.of(key));
        compare.put("target", Json.of(from.isNull() ? "version" : "value"));
        compare.put("op", Json.of("="));
        compare.put(from.isNull() ? "version" : "value", from.isNull() ? Json.of(0) : Json.of(from.text()));
        return object(Map.of("compare", Json.array(object(compare)), "success", new Json.Array(puts(Map.of(key, to)))));
    }

    static boolean succeeded(Reply.Answer answer) {
        return answer.member("succeeded").equals(Json.of(true));
    }

    /** All items below a prefix as of one revision, by pages. {@code more} is appended to the query. */
    static Outcome<Listing> list(NodeClient node, String prefix, String more) {
        Map<String, Item> items = new LinkedHashMap<>();
        Optional<String> after = Optional.empty();
        for (int page = 0; page < PAGES_MAX; page++) {
            String range = prefix.isEmpty() ? "" : "&prefix=" + NodeClient.encode(prefix);
            String path = "/v1/kv?limit=" + PAGE + range + more
                    + after.map(next -> "&after=" + NodeClient.encode(next)).orElse("");
            Reply reply = node.send("GET", path);
            if (!(reply instanceof Reply.Answer answer)
                    || answer.status() != 200
                    || !(answer.member("items") instanceof Json.Array(List<Json> found))) {
                return new Outcome.Missed<>(reply);
            }
            found.forEach(item -> items.put(member(item, "key").text(), item(item)));
            if (!answer.member("more").equals(Json.of(true))) {
                return new Outcome.Got<>(new Listing(whole(answer.member("revision")), items));
            }
            after = answer.member("next") instanceof Json.Text(String next) ? Optional.of(next) : Optional.empty();
        }
        return new Outcome.Missed<>(new Reply.Lost(true, "more than " + PAGES_MAX + " pages"));
    }

    /** Items by key (as JSON text), and the revision they show. */
    record Listing(long revision, Map<String, Item> items) {}

    static Json object(Map<String, Json> members) {
        return new Json.Obj(members);
    }

    static Json member(Json json, String name) {
        return json instanceof Json.Obj object ? object.get(name) : Json.NULL;
    }

    static long whole(Json json) {
        return json instanceof Json.Int(long number) ? number : 0;
    }

    /** Values are written as JSON text; what is not JSON was not written by a workload and is shown as it is. */
    private static Json value(String text) {
        try {
            return JsonParser.parse(text);
        } catch (dev.parley.consistency.json.JsonSyntaxException strange) {
            return Json.of(text);
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException none) {
            return -1;
        }
    }
}
