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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** Chat rooms behind several ports, which can be told to break their promises. */
final class StubChat implements AutoCloseable {
    enum Bug {
        NONE,
        /** The last node never hears of every thirtieth message. */
        LOST,
        /** The last node has every thirtieth message twice. */
        TWICE,
        /** The last node has some neighbours the other way round. */
        OTHER_ORDER,
        /** Every thirtieth message is refused, and shown. */
        REFUSED_AND_SHOWN
    }

    private static final int SOMETIMES = 30;

    private final Bug bug;
    private final List<HttpServer> servers = new ArrayList<>();
    private final Map<String, List<String>> rooms = new HashMap<>();

    StubChat(int nodes, Bug bug) {
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
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!path.startsWith("/v1/chat/")) {
            answer(exchange, 200, "{\"revision\":0,\"count\":0,\"more\":false,\"items\":[]}");
        } else if (exchange.getRequestMethod().equals("POST")) {
            post(exchange, path, body);
        } else {
            answer(exchange, 200, page(path, exchange.getRequestURI().getQuery(), lastNode));
        }
    }

    private void post(HttpExchange exchange, String room, String body) throws IOException {
        String text = ((Json.Text) ((Json.Obj) JsonParser.parse(body)).get("text")).value();
        int number;
        synchronized (this) {
            List<String> texts = rooms.computeIfAbsent(room, none -> new ArrayList<>());
            texts.add(text);
            number = texts.size();
        }
        boolean refuse = bug == Bug.REFUSED_AND_SHOWN && number % SOMETIMES == 0;
        answer(exchange, refuse ? 503 : 201, refuse ? "{\"outcome\":\"not-applied\"}" : "{}");
    }

    private synchronized String page(String room, String query, boolean lastNode) {
        List<String> texts = new ArrayList<>(rooms.getOrDefault(room, List.of()));
        if (lastNode && texts.size() >= SOMETIMES) {
            int at = SOMETIMES - 1;
            switch (bug) {
                case LOST -> texts.remove(at);
                case TWICE -> texts.add(at, texts.get(at));
                case OTHER_ORDER -> Collections.swap(texts, at - 1, at);
                case NONE, REFUSED_AND_SHOWN -> {}
            }
        }
        int from = Integer.parseInt(query.replaceAll(".*after=(\\d+)-.*", "$1"));
        int to = Math.min(texts.size(), from + 100);
        List<Json> messages = new ArrayList<>();
        for (int i = from; i < to; i++) {
            messages.add(new Json.Obj(Map.of("id", Json.of(i + 1 + "-n"), "text", Json.of(texts.get(i)))));
        }
        return new Json.Obj(Map.of("messages", new Json.Array(messages), "more", Json.of(to < texts.size()))).text();
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
