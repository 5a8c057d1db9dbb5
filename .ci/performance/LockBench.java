import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that contend for locks: each acquires one, releases it at once, and begins again.
 *
 * <pre>java LockBench.java [clients] [locks] [seconds] [url...]</pre>
 *
 * A hand-over is the time from the sending of a release to the next holder's answer.
 */
final class LockBench {
    private static final Pattern TOKEN = Pattern.compile("\"token\":(\\d+)");
    private static final Pattern ID = Pattern.compile("\"id\":\"(\\d+)\"");

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> urls;
    private final int locks;
    private final AtomicLongArray releasedAt;
    private final ConcurrentLinkedQueue<Long> handOvers = new ConcurrentLinkedQueue<>();
    private final LongAdder acquired = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean measuring;
    private volatile boolean over;

    private LockBench(List<String> urls, int locks) {
        this.urls = urls;
        this.locks = locks;
        this.releasedAt = new AtomicLongArray(locks);
    }

    public static void main(String[] arguments) throws Exception {
        int clients = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        int locks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        List<String> urls = arguments.length > 3
                ? List.of(arguments).subList(3, arguments.length)
                : List.of("http://127.0.0.1:7070");
        new LockBench(urls, locks).run(clients, seconds);
    }

    private void run(int clients, int seconds) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int client = i;
            threads.add(Thread.ofVirtual().start(() -> contend(client)));
        }
        Thread.sleep(3_000);
        measuring = true;
        long start = System.nanoTime();
        Thread.sleep(seconds * 1_000L);
        measuring = false;
        double took = (System.nanoTime() - start) / 1e9;
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        long[] sorted = handOvers.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%d clients, %d locks: %.0f acquisitions/s, hand-over p50 %.1f ms, p99 %.1f ms, %d failed%n",
                clients, locks, acquired.sum() / took, at(sorted, 0.5), at(sorted, 0.99), failed.sum());
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1) * share)] / 1e6;
    }

    private void contend(int client) {
        String url = urls.get(client % urls.size());
        int lock = client % locks;
        String path = url + "/v1/locks/bench-" + lock;
        try {
            String lease = find(ID, send("POST", url + "/v1/leases", "{\"ttl\":\"2m\"}"));
            String ask = "{\"owner\":\"c" + client + "\",\"lease\":\"" + lease + "\",\"wait\":\"1m\"}";
            while (!over) {
                HttpResponse<String> granted = send("POST", path, ask);
                long now = System.nanoTime();
                if (granted.statusCode() / 100 != 2) {
                    failed.increment();
                    continue;
                }
                long released = releasedAt.get(lock);
                if (measuring) {
                    acquired.increment();
                    if (released > 0) {
                        handOvers.add(now - released);
                    }
                }
                releasedAt.set(lock, System.nanoTime());
                send("DELETE", path + "/holders/" + find(TOKEN, granted), "");
            }
            send("DELETE", url + "/v1/leases/" + lease, "");
        } catch (java.io.IOException broken) {
            failed.increment();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<String> send(String method, String url, String body)
            throws java.io.IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    private static String find(Pattern pattern, HttpResponse<String> answer) {
        Matcher found = pattern.matcher(answer.body());
        if (!found.find()) {
            throw new IllegalStateException(answer.body());
        }
        return found.group(1);
    }
}
