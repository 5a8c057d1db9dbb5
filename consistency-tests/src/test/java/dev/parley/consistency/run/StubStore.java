package dev.parley.consistency.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.consistency.client.Contents;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import dev.parley.consistency.json.JsonSyntaxException;
import dev.parley.consistency.workload.Restorer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

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
        /** Every twentieth revision is left out of a watch that is there when it comes. */
        WATCH_GAPS,
        /** A watch that goes on begins with what it has seen last. */
        WATCH_TWICE,
        /** A node forgets a key. */
        DIVERGED,
        /** A backup lacks the newest writes. */
        BACKUP_BEHIND,
        /** A backup is newer than it says. */
        BACKUP_TORN,
        /** A backup is damaged. */
        BACKUP_DAMAGED,
        /** A backup brings back what was deleted. */
        BACKUP_UNDELETED,
        /** No bug: the first backup breaks off in the middle. */
        BACKUP_BREAKS_OFF,
        /** No bug: some writes are never answered. They happen, or never do, or happen later. */
        LOST_ANSWERS
    }

    private record Item(String value, long revision, long version, long created) {}

    private final Bug bug;
    private final List<HttpServer> servers = new ArrayList<>();
    private final NavigableMap<Long, NavigableMap<String, Item>> history = new TreeMap<>();
    private final Map<String, Object[]> remembered = new HashMap<>();
    private NavigableMap<String, Item> state = new TreeMap<>();
    private final Map<String, Boolean> fates = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
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

    /** Of writes that were never answered, by key, equals sign and value: whether they took effect. */
    public Map<String, Boolean> fates() {
        return Map.copyOf(fates);
    }

    private void handle(HttpExchange exchange, boolean lastNode) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (path.equals("/readyz") || path.equals("/livez")) {
                answer(exchange, 200, "{}");
            } else if (path.equals("/v1/txn")) {
                transaction(exchange, (Json.Obj) JsonParser.parse(body));
            } else if (path.equals("/v1/watch")) {
                watch(exchange, query(exchange));
            } else if (path.equals("/v1/backup")) {
                backup(exchange);
            } else if (path.equals("/v1/kv")) {
                range(exchange, query(exchange), lastNode);
            } else if (path.startsWith("/v1/history/")) {
                history(exchange, path.substring("/v1/history/".length()), query(exchange));
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

    private record Put(String key, String value, String idempotency, String match, boolean missing) {}

    private record Done(int status, String tag, String text) {}

    private void put(HttpExchange exchange, String key, String value) throws IOException {
        Put put = new Put(
                key,
                value,
                exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                exchange.getRequestHeaders().getFirst("If-Match"),
                exchange.getRequestHeaders().containsKey("If-None-Match"));
        long number = bug == Bug.LOST_ANSWERS ? asked.incrementAndGet() : 1;
        if (number % 6 == 0) {
            lose(put, number / 6);
            exchange.close();
            return;
        }
        Done done = put(put);
        if (!done.tag().isEmpty()) {
            exchange.getResponseHeaders().add("ETag", done.tag());
        }
        answer(exchange, done.status(), done.text());
    }

    private void lose(Put put, long number) {
        String name = put.key() + "=" + put.value();
        fates.put(name, false);
        Runnable happen = () -> fates.merge(name, put(put).status() < 300, Boolean::logicalOr);
        switch ((int) (number % 3)) {
            case 0 -> happen.run();
            case 1 ->
                CompletableFuture.delayedExecutor(number % 10 * 150, TimeUnit.MILLISECONDS)
                        .execute(happen);
            default -> {} // never arrived
        }
    }

    private synchronized Done put(Put put) {
        Object[] before = put.idempotency() == null ? null : remembered.get(put.idempotency());
        if (before != null) {
            return new Done((int) before[0], "", (String) before[1]);
        }
        Item item = state.get(put.key());
        boolean holds = bug == Bug.NO_CONDITIONS
                || (put.match() == null || item != null && put.match().equals("\"" + item.revision() + "\""))
                        && (!put.missing() || item == null);
        Done done = holds ? written(put, item == null) : new Done(412, "", "{\"outcome\":\"not-applied\"}");
        if (put.idempotency() != null) {
            remembered.put(put.idempotency(), new Object[] {done.status(), done.text()});
        }
        return done;
    }

    private Done written(Put put, boolean created) {
        write(Map.of(put.key(), put.value()));
        if (bug == Bug.WRITES_TWICE && writes % 50 == 0) {
            write(Map.of(put.key(), put.value()));
        }
        Item written = state.getOrDefault(put.key(), new Item(put.value(), revision, 1, revision));
        return new Done(
                created ? 201 : 200,
                "\"" + written.revision() + "\"",
                "{\"revision\":" + written.revision() + ",\"version\":" + written.version() + "}");
    }

    /** Newest first; of what is older than 300 revisions nothing is left. */
    private void history(HttpExchange exchange, String path, Map<String, String> query) throws IOException {
        String key = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        long before = Long.parseLong(query.getOrDefault("before", Long.toString(Long.MAX_VALUE)));
        int limit = Math.min(3, Integer.parseInt(query.getOrDefault("limit", "100")));
        List<Json> items = new ArrayList<>();
        synchronized (this) {
            for (long at = revision; at > Math.max(0, revision - 300) && items.size() <= limit; at--) {
                Item item = history.containsKey(at) ? history.get(at).get(key) : null;
                if (item != null && item.revision() == at && at < before) {
                    Map<String, Json> members = new LinkedHashMap<>();
                    members.put("revision", Json.of(at));
                    members.put("type", Json.of("put"));
                    members.put("value", Json.of(item.value()));
                    members.put("version", Json.of(item.version()));
                    items.add(new Json.Obj(members));
                }
            }
        }
        boolean more = items.size() > limit;
        List<Json> page = more ? items.subList(0, limit) : items;
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("items", new Json.Array(page));
        members.put("more", Json.of(more));
        members.put("next", more ? ((Json.Obj) page.getLast()).get("revision") : Json.NULL);
        answer(exchange, 200, new Json.Obj(members).text());
    }

    /** What happened from {@code from} on, and a little of what happens then. */
    private void watch(HttpExchange exchange, Map<String, String> query) throws IOException {
        String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        long next = last == null ? Long.parseLong(query.get("from")) : Long.parseLong(last) + 1;
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            message(out, "event: bookmark\nid: " + (next - 1) + "\ndata: {\"revision\":" + (next - 1) + "}\n\n");
            if (bug == Bug.WATCH_TWICE && next > 1) {
                next--;
            }
            for (int rounds = 0; rounds < 40; rounds++) {
                long newest;
                synchronized (this) {
                    newest = revision;
                }
                for (; next <= newest; next++) {
                    String events = events(next, query.get("prefix"));
                    boolean left = bug == Bug.WATCH_GAPS && next % 20 == 0 && rounds > 0;
                    if (!events.isEmpty() && !left) {
                        message(
                                out,
                                "id: " + next + "\ndata: {\"revision\":" + next + ",\"events\":[" + events + "]}\n\n");
                    }
                }
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private static void message(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private synchronized String events(long at, String prefix) {
        NavigableMap<String, Item> before = history.floorEntry(at - 1).getValue();
        NavigableMap<String, Item> after = history.floorEntry(at).getValue();
        List<String> events = new ArrayList<>();
        after.forEach((key, item) -> {
            if (key.startsWith(prefix) && item.revision() == at) {
                Map<String, Json> members = new LinkedHashMap<>(((Json.Obj) json(key, item)).members());
                members.put("type", Json.of("put"));
                if (before.containsKey(key)) {
                    members.put("prev", json(key, before.get(key)));
                }
                events.add(new Json.Obj(members).text());
            }
        });
        before.keySet().stream()
                .filter(key -> key.startsWith(prefix) && !after.containsKey(key))
                .forEach(key -> events.add(
                        "{\"type\":\"delete\",\"key\":" + Json.of(key).text() + "}"));
        return String.join(",", events);
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

    /** What {@link #restored} reads. */
    private void backup(HttpExchange exchange) throws IOException {
        List<Json> items = new ArrayList<>();
        long at;
        synchronized (this) {
            at = revision;
            NavigableMap<String, Item> shown = new TreeMap<>(
                    bug == Bug.BACKUP_BEHIND
                            ? history.floorEntry(Math.max(0, at - 20)).getValue()
                            : state);
            if (bug == Bug.BACKUP_UNDELETED) {
                history.values().forEach(before -> before.forEach(shown::putIfAbsent));
            }
            shown.forEach((key, item) -> items.add(json(key, item)));
        }
        long named = bug == Bug.BACKUP_TORN ? at - 20 : at;
        exchange.getResponseHeaders().add("Parley-Revision", Long.toString(named));
        Map<String, Json> archive = Map.of("revision", Json.of(named), "items", new Json.Array(items));
        String text = new Json.Obj(archive).text();
        if (bug == Bug.BACKUP_BREAKS_OFF && asked.incrementAndGet() == 1) {
            exchange.sendResponseHeaders(200, 0); // in chunks, so that only their end tells
            message(exchange.getResponseBody(), text.substring(0, text.length() / 2));
            throw new IOException("broken off");
        }
        answer(exchange, 200, bug == Bug.BACKUP_DAMAGED ? "damaged" : text);
    }

    /** Looks into a backup of a stub. */
    static Restorer.Restored restored(Path archive, String prefix) {
        try {
            Json.Obj found = (Json.Obj) JsonParser.parse(Files.readString(archive));
            List<Json> items = items(found.get("items")).stream()
                    .filter(item ->
                            ((Json.Text) ((Json.Obj) item).get("key")).value().startsWith(prefix))
                    .toList();
            return new Restorer.Restored.Found(
                    new Contents(((Json.Int) found.get("revision")).value() + (1L << 32), items));
        } catch (JsonSyntaxException damaged) {
            return new Restorer.Restored.Refused("it is " + damaged.getMessage());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
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
        boolean writing =
                bug == Bug.LOST_ANSWERS && !items(request.get("compare")).isEmpty();
        long number = writing ? asked.incrementAndGet() : 1;
        if (number % 12 == 0) {
            exchange.close(); // never arrived
            return;
        }
        Json answer = transaction(request);
        if (number % 6 == 0) {
            exchange.close();
            return;
        }
        answer(exchange, 200, answer.text());
    }

    private Json transaction(Json.Obj request) {
        List<Json> results = new ArrayList<>();
        boolean holds = true;
        long at;
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
            at = revision;
        }
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("succeeded", Json.of(holds));
        members.put("revision", Json.of(at));
        members.put("results", new Json.Array(results));
        return new Json.Obj(members);
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
