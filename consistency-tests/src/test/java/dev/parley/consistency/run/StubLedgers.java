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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** Ledgers behind several ports, that can be told to break their promises. */
final class StubLedgers implements AutoCloseable {

    /** How they misbehave. */
    enum Bug {
        NONE,
        /** Every thirtieth append is acknowledged and forgotten; its sequence is given out again. */
        FORGETS,
        /** Every thirtieth append leaves a sequence out. */
        LEAVES_OUT,
        /** An entry is overwritten now and then. */
        REWRITES,
        /** The last node shows entries late. */
        STALE,
        /** Proofs are made as if the last entry were not there. */
        PROVES_ANOTHER_TREE
    }

    private record Entry(long sequence, long stamp, String value) {
        byte[] content() {
            return (sequence + " " + stamp + " " + value).getBytes(StandardCharsets.UTF_8);
        }

        byte[] hash() {
            return sha256(new byte[] {0}, content());
        }
    }

    private final Bug bug;
    private final List<HttpServer> servers = new ArrayList<>();
    private final Map<String, List<Entry>> ledgers = new HashMap<>();
    private long appends;

    StubLedgers(int nodes, Bug bug) {
        this.bug = bug;
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

    List<URI> urls() {
        return servers.stream()
                .map(server ->
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .toList();
    }

    private void handle(HttpExchange exchange, boolean lastNode) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String[] path = exchange.getRequestURI().getPath().split("/");
        if (path.length < 5 || !path[2].equals("ledgers")) {
            // What a run asks of every store at its end: there are no keys here.
            answer(exchange, 200, "{\"revision\":0,\"items\":[],\"more\":false}");
        } else if (exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 201, append(path[3], (Json.Obj) JsonParser.parse(body)));
        } else {
            List<Entry> shown = shown(path[3], lastNode);
            if (path[4].equals("root")) {
                answer(exchange, 200, root(shown));
            } else if (path.length == 5) {
                answer(exchange, 200, list(shown));
            } else {
                answer(exchange, 200, proof(shown, Integer.parseInt(path[5]) - 1));
            }
        }
    }

    private synchronized List<Entry> shown(String ledger, boolean lastNode) {
        List<Entry> entries = ledgers.getOrDefault(ledger, List.of());
        int hidden = bug == Bug.STALE && lastNode ? Math.min(5, entries.size()) : 0;
        return List.copyOf(entries.subList(0, entries.size() - hidden));
    }

    private synchronized String append(String ledger, Json.Obj request) {
        List<Entry> entries = ledgers.computeIfAbsent(ledger, absent -> new ArrayList<>());
        boolean odd = ++appends % 30 == 0;
        long sequence = entries.isEmpty() ? 1 : entries.getLast().sequence() + 1;
        sequence += odd && bug == Bug.LEAVES_OUT ? 1 : 0;
        Entry entry = new Entry(sequence, 2 * sequence, ((Json.Text) request.get("value")).value());
        if (!odd || bug != Bug.FORGETS) {
            entries.add(entry);
        }
        if (odd && bug == Bug.REWRITES) {
            entries.set(0, new Entry(1, 2, "rewritten " + appends));
        }
        return json(entry);
    }

    private static String json(Entry entry) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("sequence", Json.of(entry.sequence()));
        members.put("stamp", Json.of(entry.stamp()));
        members.put("value", Json.of(entry.value()));
        members.put("hash", Json.of(hex(entry.hash())));
        return new Json.Obj(members).text();
    }

    private static String list(List<Entry> entries) {
        String items = String.join(",", entries.stream().map(StubLedgers::json).toList());
        return "{\"items\":[" + items + "],\"more\":false,\"next\":null}";
    }

    private static String root(List<Entry> entries) {
        return "{\"count\":" + entries.size() + ",\"root\":\"" + hex(top(entries, new ArrayList<>(), 0)) + "\"}";
    }

    private String proof(List<Entry> entries, int index) {
        List<Entry> proven = bug == Bug.PROVES_ANOTHER_TREE && entries.size() > index + 1
                ? entries.subList(0, entries.size() - 1)
                : entries;
        List<Json> path = new ArrayList<>();
        byte[] root = top(proven, path, index);
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("leaf", Json.of(hex(entries.get(index).hash())));
        members.put("content", Json.of(hex(entries.get(index).content())));
        members.put("index", Json.of(index));
        members.put("count", Json.of(entries.size()));
        members.put("path", new Json.Array(path));
        members.put("root", Json.of(hex(root)));
        return new Json.Obj(members).text();
    }

    /** The root, and on the way to it the path of one leaf. */
    private static byte[] top(List<Entry> entries, List<Json> path, int index) {
        List<byte[]> level = entries.stream().map(Entry::hash).toList();
        int own = index;
        while (level.size() > 1) {
            path.add(Json.of(hex(level.get(Math.min(own ^ 1, level.size() - 1)))));
            List<byte[]> above = new ArrayList<>();
            for (int i = 0; i < level.size(); i += 2) {
                above.add(sha256(new byte[] {1}, level.get(i), level.get(Math.min(i + 1, level.size() - 1))));
            }
            level = above;
            own /= 2;
        }
        byte[] top = level.isEmpty() ? sha256() : level.getFirst();
        if (entries.size() == 1) {
            top = sha256(new byte[] {1}, top, top);
        }
        return sha256(
                new byte[] {2}, ByteBuffer.allocate(8).putLong(entries.size()).array(), top);
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
