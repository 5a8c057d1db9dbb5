package dev.parley.http.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.http.cli.bench.BenchPlan.Protocol;
import dev.parley.http.cli.bench.BenchPlan.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that counts: what the generator says it did must be what was done. */
final class BenchTest {
    private static final Pattern GATEWAY_KEY = Pattern.compile("\"key\":\"([^\"]+)\"");

    /** Time passes by looking at the clock, so a slow machine does no less. */
    private static final long LOOK_NANOS = 200_000;

    private final AtomicLong clock = new AtomicLong();
    private final Map<String, String> stored = new ConcurrentHashMap<>();
    private final Set<String> read = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aFillWritesEveryKeyOnce() {
        var report = run(Protocol.PARLEY, Workload.FILL, 50);

        assertEquals(50, stored.size());
        assertEquals(50, report.operations());
        assertEquals(50, requests.get());
        assertTrue(stored.containsKey("bench/000000049"), stored.keySet().toString());
        assertTrue(
                stored.values().stream().allMatch(value -> value.length() == 7),
                stored.values().toString());
    }

    @Test
    void putsAndGetsAreCountedAndTimed() {
        var puts = run(Protocol.PARLEY, Workload.PUT, 5);
        assertTrue(puts.operations() > 20 && puts.operations() <= requests.get(), puts.text());
        assertEquals(5, stored.size());
        assertEquals(puts.operations(), puts.latencyMicros().getTotalCount());

        var gets = run(Protocol.PARLEY, Workload.GET, 5);
        assertEquals(Map.of(), gets.failures());
        assertEquals(5, read.size());
    }

    @Test
    void theGatewayOfEtcdIsSpokenToInItsOwnWay() {
        run(Protocol.ETCD, Workload.FILL, 5);
        assertEquals(5, stored.size());
        run(Protocol.ETCD, Workload.GET, 5);
        assertEquals(5, read.size());
    }

    @Test
    void ofABulkRequestTheLinesCountThatWereApplied() {
        var report = run(Protocol.PARLEY, Workload.BULK, 1000);

        assertTrue(report.operations() > 0, report.text());
        assertEquals(
                Map.of("bulk lines not applied", requests.get()).keySet(),
                report.failures().keySet());
    }

    @Test
    void whatIsRefusedIsAFailureAndNoOperation() {
        var report = run(Protocol.PARLEY, Workload.GET, 5);

        assertEquals(0, report.operations());
        assertEquals(Set.of("404"), report.failures().keySet());
        assertTrue(report.json().contains("\"failures\":{\"404\":"), report.json());
    }

    private BenchReport run(Protocol protocol, Workload workload, int keys) {
        return Bench.run(
                new BenchPlan(
                        List.of(server.getAddress()),
                        protocol,
                        workload,
                        3,
                        Duration.ofMillis(400),
                        Duration.ZERO,
                        keys,
                        7,
                        50,
                        40,
                        2),
                1,
                () -> clock.addAndGet(LOOK_NANOS));
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String text = new String(body, StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        String key = path.startsWith("/v1/kv/") ? path.substring("/v1/kv/".length()) : gatewayKey(text);
        int status = 200;
        String answer = "{}";
        switch (exchange.getRequestMethod() + " " + (path.startsWith("/v1/kv/") ? "key" : path)) {
            case "PUT key", "POST /v3/kv/put" -> stored.put(key, text);
            case "GET key", "POST /v3/kv/range" -> {
                status = stored.containsKey(key) ? 200 : 404;
                read.add(key);
            }
            case "POST /v1/bulk" -> {
                long lines = text.lines().count();
                answer = "{\"line\":1}\n{\"lines\":" + lines + ",\"applied\":" + (lines - 1)
                        + ",\"refused\":1,\"unknown\":0}\n";
            }
            default -> status = 400;
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, path.equals("/v1/bulk") ? 0 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String gatewayKey(String json) {
        var found = GATEWAY_KEY.matcher(json);
        return found.find() ? new String(Base64.getDecoder().decode(found.group(1)), StandardCharsets.UTF_8) : "";
    }
}
