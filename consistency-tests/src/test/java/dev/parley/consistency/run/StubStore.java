package dev.parley.consistency.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/** A store of one map behind several ports that speaks as much of the contract as the workloads do, and can be told to break its promises. */
public final class StubStore implements AutoCloseable {

    /** How it misbehaves. */
    public enum Bug {
        NONE,
        /** The last node answers reads from an old state. */
        STALE_READS,
        /** Every fiftieth write is acknowledged and forgotten. */
        LOST_WRITES,
        /** Every fiftieth write is done twice. */
        WRITES_TWICE,
        /** A transaction writes its first key only, sometimes. */
        HALF_TRANSACTIONS,
        /** Conditions are not looked at. */
        NO_CONDITIONS,
        /** Two writes share a revision, sometimes. */
        REVISION_TWICE,
        /** A node forgets a key. */
        DIVERGED
    }

    private record Item(String value, long revision, long version, long created) {}

    private final Bug bug;
    private final List<HttpServer> servers = new ArrayList<>();
    private final NavigableMap<Long, NavigableMap<String, Item>> history = new TreeMap<>();
    private final Map<String, Object[]> remembered = new HashMap<>();
    private NavigableMap<String, Item> state = new TreeMap<>();
    private long revision;
    private long writes;

    public StubStore(int nodes, Bug bug) {
        this.bug = bug;
        history.put(0L, state);
        try {
            for (int n = 0; n < nodes; n++) {
                HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                boolean last = n == nodes - 1;
                server.createContext("/", exchange -> handle(exchange, last));
                server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
                server.start();
                servers.add(server);
            }
        } catch (IOException notStarted) {
            throw new UncheckedIOException(notStarted);
        }
    }

    public List<URI> urls() {
        return servers.stream()
                .map(server ->
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .toList();
    }

    private void handle(HttpExchange exchange, boolean lastNode) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (path.equals("/readyz") || path.equals("/livez")) {
                answer(exchange, 200, "{}");
            } else if (path.equals("/v1/txn")) {
                transaction(exchange, (Json.Obj) JsonParser.parse(body));
            } else if (path.equals("/v1/kv")) {
                range(exchange, query(exchange), lastNode);
            } else {
                String key = URLDecoder.decode(
                        path.substring("/v1/kv/".length()).replace("+", "%2B"), StandardCharsets.UTF_8);
                switch (exchange.getRequestMethod()) {
                    case "GET" -> get(exchange, key, lastNode);
                    case "PUT" -> put(exchange, key, body);
                    default -> delete(exchange, key);
                }
            }
        } catch (RuntimeException bug) {
            answer(exchange, 500, bug.toString());
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            query.put(
                    equals < 0 ? pair : pair.substring(0, equals),
                    equals < 0 ? "true" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    private synchronized NavigableMap<String, Item> visible(boolean lastNode) {
        boolean stale = bug == Bug.STALE_READS && lastNode && history.size() > 30;
        return stale ? history.floorEntry(revision - 20).getValue() : state;
    }

    private void get(HttpExchange exchange, String key, boolean lastNode) throws IOException {
        Item item = visible(lastNode).get(key);
        if (item == null) {
            answer(exchange, 404, "{}");
            return;
        }
        exchange.getResponseHeaders().add("ETag", "\"" + item.revision() + "\"");
        exchange.getResponseHeaders().add("Parley-Version", Long.toString(item.version()));
        answer(exchange, 200, item.value());
    }

    private void put(HttpExchange exchange, String key, String value) throws IOException {
        String idempotency = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        int status;
        String text;
        String tag = "";
        synchronized (this) {
            Object[] before = idempotency == null ? null : remembered.get(idempotency);
            if (before != null) {
                status = (int) before[0];
                text = (String) before[1];
            } else {
                Item item = state.get(key);
                String match = exchange.getRequestHeaders().getFirst("If-Match");
                boolean missing = exchange.getRequestHeaders().containsKey("If-None-Match");
                boolean holds = bug == Bug.NO_CONDITIONS
                        || (match == null || item != null && match.equals("\"" + item.revision() + "\""))
                                && (!missing || item == null);
                if (holds) {
                    write(Map.of(key, value));
                    if (bug == Bug.WRITES_TWICE && writes % 50 == 0) {
                        write(Map.of(key, value));
                    }
                    Item written = state.getOrDefault(key, new Item(value, revision, 1, revision));
                    tag = "\"" + written.revision() + "\"";
                    status = item == null ? 201 : 200;
                    text = "{\"revision\":" + written.revision() + ",\"version\":" + written.version() + "}";
                } else {
                    status = 412;
                    text = "{\"outcome\":\"not-applied\"}";
                }
                if (idempotency != null) {
                    remembered.put(idempotency, new Object[] {status, text});
                }
            }
        }
        if (!tag.isEmpty()) {
            exchange.getResponseHeaders().add("ETag", tag);
        }
        answer(exchange, status, text);
    }

    private synchronized void write(Map<String, String> values) {
        writes++;
        boolean again = bug == Bug.REVISION_TWICE && writes % 40 == 0;
        if (!again) {
            revision++;
        }
        NavigableMap<String, Item> next = new TreeMap<>(state);
        if (bug != Bug.LOST_WRITES || writes % 50 != 0) {
            int written = 0;
            for (Map.Entry<String, String> entry : values.entrySet()) {
                Item old = next.get(entry.getKey());
                if (bug != Bug.HALF_TRANSACTIONS || written == 0 || writes % 10 != 0) {
                    next.put(
                            entry.getKey(),
                            new Item(
                                    entry.getValue(),
                                    revision,
                                    old == null ? 1 : old.version() + 1,
                                    old == null ? revision : old.created()));
                }
                written++;
            }
        }
        state = next;
        history.put(revision, next);
    }

    private void delete(HttpExchange exchange, String key) throws IOException {
        synchronized (this) {
            remove(List.of(key));
        }
        answer(exchange, 204, "");
    }

    private synchronized void remove(List<String> keys) {
        NavigableMap<String, Item> next = new TreeMap<>(state);
        if (next.keySet().removeAll(keys)) {
            revision++;
            state = next;
            history.put(revision, next);
        }
    }

    private void range(HttpExchange exchange, Map<String, String> query, boolean lastNode) throws IOException {
        String prefix = query.getOrDefault("prefix", "");
        if (exchange.getRequestMethod().equals("DELETE")) {
            synchronized (this) {
                remove(state.keySet().stream()
                        .filter(key -> key.startsWith(prefix))
                        .toList());
            }
            answer(exchange, 200, "{\"revision\":" + revision + "}");
            return;
        }
        NavigableMap<String, Item> shown;
        long at;
        synchronized (this) {
            at = query.containsKey("revision") ? Long.parseLong(query.get("revision")) : revision;
            shown = query.containsKey("revision") ? history.floorEntry(at).getValue() : visible(lastNode);
        }
        if (bug == Bug.DIVERGED && lastNode && !shown.isEmpty()) {
            shown = new TreeMap<>(shown);
            shown.pollFirstEntry();
        }
        List<Json> items = new ArrayList<>();
        shown.forEach((key, item) -> {
            if (key.startsWith(prefix)) {
                items.add(json(key, item));
            }
        });
        int limit = Integer.parseInt(query.getOrDefault("limit", "100"));
        int from = Integer.parseInt(query.getOrDefault("after", "0"));
        int to = Math.min(items.size(), from + limit);
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("revision", Json.of(at));
        members.put("more", Json.of(to < items.size()));
        members.put("next", Json.of(Integer.toString(to)));
        members.put("items", new Json.Array(items.subList(from, to)));
        answer(exchange, 200, new Json.Obj(members).text());
    }

    private static Json json(String key, Item item) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("key", Json.of(key));
        members.put("value", Json.of(item.value()));
        members.put("mod_revision", Json.of(item.revision()));
        members.put("version", Json.of(item.version()));
        return new Json.Obj(members);
    }

    private void transaction(HttpExchange exchange, Json.Obj request) throws IOException {
        List<Json> results = new ArrayList<>();
        boolean holds = true;
        synchronized (this) {
            for (Json compare : items(request.get("compare"))) {
                holds &= bug == Bug.NO_CONDITIONS || holds((Json.Obj) compare);
            }
            if (holds) {
                Map<String, String> values = new LinkedHashMap<>();
                for (Json step : items(request.get("success"))) {
                    Json.Obj operation = (Json.Obj) step;
                    if (operation.get("get") instanceof Json.Obj get) {
                        String key = ((Json.Text) get.get("key")).value();
                        Json item = state.containsKey(key) ? json(key, state.get(key)) : Json.NULL;
                        results.add(new Json.Obj(Map.of("get", new Json.Obj(Map.of("item", item)))));
                    } else if (operation.get("put") instanceof Json.Obj put) {
                        values.put(((Json.Text) put.get("key")).value(), ((Json.Text) put.get("value")).value());
                        results.add(new Json.Obj(Map.of("put", new Json.Obj(Map.of()))));
                    }
                }
                if (!values.isEmpty()) {
                    write(values);
                }
            }
        }
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("succeeded", Json.of(holds));
        members.put("revision", Json.of(revision));
        members.put("results", new Json.Array(results));
        answer(exchange, 200, new Json.Obj(members).text());
    }

    private static List<Json> items(Json json) {
        return json instanceof Json.Array array ? array.items() : List.of();
    }

    private boolean holds(Json.Obj compare) {
        Item item = state.get(((Json.Text) compare.get("key")).value());
        return switch (((Json.Text) compare.get("target")).value()) {
            case "value" -> item != null && compare.get("value").equals(Json.of(item.value()));
            case "mod_revision" -> compare.get("mod_revision").equals(Json.of(item == null ? 0 : item.revision()));
            default -> compare.get("version").equals(Json.of(item == null ? 0 : item.version()));
        };
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, status == 204 || bytes.length == 0 ? -1 : bytes.length);
        if (status != 204 && bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
