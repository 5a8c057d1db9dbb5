package dev.parley.http.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the requests of one plan. Confined to one thread, but for the counter of a fill, which all share. */
final class Requests {
    private static final int POOL_BYTES = 1 << 16;
    private static final String KEY_PREFIX = "bench/";

    private final BenchPlan plan;
    private final SplittableRandom random;
    private final AtomicInteger filled;
    private final byte[] pool;
    private final String host;

    Requests(BenchPlan plan, SplittableRandom random, AtomicInteger filled) {
        this.plan = plan;
        this.random = random;
        this.filled = filled;
        var first = plan.targets().getFirst();
        host = first.getHostString() + ":" + first.getPort();
        pool = new byte[POOL_BYTES + plan.valueBytes()];
        for (int i = 0; i < pool.length; i++) {
            pool[i] = (byte) ('a' + random.nextInt(26));
        }
    }

    /** @return false when there is nothing left to do, which only a fill can say */
    boolean hasNext() {
        return plan.workload() != BenchPlan.Workload.FILL || filled.get() < plan.keys();
    }

    Outgoing next() {
        return switch (plan.workload()) {
            case PUT -> put(random.nextInt(plan.keys()));
            case GET -> get(random.nextInt(plan.keys()), false);
            case GET_STALE -> get(random.nextInt(plan.keys()), true);
            case MIXED ->
                random.nextInt(100) < plan.readPercent()
                        ? get(random.nextInt(plan.keys()), false)
                        : put(random.nextInt(plan.keys()));
            case FILL -> put(filled.getAndIncrement() % plan.keys());
            case BULK -> new BulkRequest(host, plan.linesPerBulk(), this);
        };
    }

    private Outgoing put(int key) {
        byte[] value = value();
        return switch (plan.protocol()) {
            case PARLEY ->
                message(
                        "PUT /v1/kv/" + key(key),
                        "Content-Type: application/octet-stream\r\nContent-Length: " + value.length + "\r\n",
                        value);
            case ETCD ->
                gateway(
                        "/v3/kv/put",
                        "{\"key\":\"" + base64(key(key).getBytes(StandardCharsets.ISO_8859_1)) + "\",\"value\":\""
                                + base64(value) + "\"}");
        };
    }

    private Outgoing get(int key, boolean stale) {
        return switch (plan.protocol()) {
            case PARLEY -> message("GET /v1/kv/" + key(key) + (stale ? "?consistency=stale" : ""), "", new byte[0]);
            case ETCD ->
                gateway(
                        "/v3/kv/range",
                        "{\"key\":\"" + base64(key(key).getBytes(StandardCharsets.ISO_8859_1)) + "\""
                                + (stale ? ",\"serializable\":true" : "") + "}");
        };
    }

    private Outgoing gateway(String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.ISO_8859_1);
        return message(
                "POST " + path, "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n", body);
    }

    private Outgoing message(String line, String headers, byte[] body) {
        byte[] head =
                (line + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.allocate(head.length + body.length);
        bytes.put(head).put(body).flip();
        return new Outgoing.Whole(bytes, 1);
    }

    /** One line of a bulk request, ready to send. */
    String bulkLine() {
        return "{\"put\":{\"key\":\"" + key(random.nextInt(plan.keys())) + "\",\"value\":\""
                + new String(value(), StandardCharsets.ISO_8859_1) + "\"}}\n";
    }

    private static String key(int number) {
        String digits = Integer.toString(number);
        return KEY_PREFIX + "0".repeat(9 - digits.length()) + digits;
    }

    private byte[] value() {
        int start = random.nextInt(POOL_BYTES);
        return java.util.Arrays.copyOfRange(pool, start, start + plan.valueBytes());
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
