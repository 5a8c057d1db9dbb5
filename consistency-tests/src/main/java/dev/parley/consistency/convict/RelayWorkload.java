package dev.parley.consistency.convict;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import dev.parley.consistency.workload.Call;
import dev.parley.consistency.workload.Completion;
import dev.parley.consistency.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Clients in pairs: the even one writes a register of its own, the odd one, which is at another node, reads it as soon as
 * a write was acknowledged. Whatever a node serves that is not quite up to date is found at once. Both rest at random
 * between two operations, or all reads would soon be in step and share what they wait for.
 */
final class RelayWorkload implements Workload {
    private static final int WRITES_PER_KEY = 100;
    private static final long PATIENCE_NANOS = 300_000_000;

    private final String prefix;
    private final long writerRestNanosMax;
    private final long readerRestNanosMax;
    private final boolean bothWays;
    private final Map<Integer, Long> begun = new ConcurrentHashMap<>();
    private final Map<Integer, Long> completed = new ConcurrentHashMap<>();
    private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();

    private RelayWorkload(String prefix, Duration writerRestMax, Duration readerRestMax, boolean bothWays) {
        this.prefix = prefix + "/relay/";
        this.writerRestNanosMax = writerRestMax.toNanos();
        this.readerRestNanosMax = readerRestMax.toNanos();
        this.bothWays = bothWays;
    }

    static Function<String, Workload> resting(Duration writersAtMost, Duration readersAtMost) {
        return prefix -> new RelayWorkload(prefix, writersAtMost, readersAtMost, false);
    }

    /** In every other pair the odd client writes, so that nodes with readers have writes of their own under way. */
    static Function<String, Workload> bothWays(Duration writersAtMost, Duration readersAtMost) {
        return prefix -> new RelayWorkload(prefix, writersAtMost, readersAtMost, true);
    }

    private String key(int pair, long number) {
        return prefix + pair + "/" + number / WRITES_PER_KEY;
    }

    @Override
    public Call next(int client, Random random) {
        int pair = client / 2;
        int writer = bothWays ? pair % 2 : 0;
        return client % 2 == writer ? write(pair, random) : read(pair, random);
    }

    /** Called when the client's last write is in the history; only then may its partner begin to read. */
    private Call write(int pair, Random random) {
        long last = completed.getOrDefault(pair, 0L);
        acknowledged.put(pair, last);
        LockSupport.parkNanos((long) (writerRestNanosMax * random.nextDouble()));
        long number = begun.merge(pair, 1L, Long::sum);
        String key = key(pair, number);
        return new Call("write", key, Json.of(number), node -> {
            Reply reply = node.send("PUT", NodeClient.key(key), Map.of(), Long.toString(number));
            Completion completion = Completion.ofWrite(reply, Json.of(number));
            if (completion.type() == Event.Type.OK) {
                completed.put(pair, number);
            }
            return completion;
        });
    }

    private Call read(int pair, Random random) {
        LockSupport.parkNanos((long) (readerRestNanosMax * random.nextDouble()));
        long before = acknowledged.getOrDefault(pair, 0L);
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (acknowledged.getOrDefault(pair, 0L) == before && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(200_000);
        }
        long number = acknowledged.getOrDefault(pair, 0L);
        return read(key(pair, number));
    }

    static Call read(String key) {
        return new Call("read", key, Json.NULL, node -> {
            Reply reply = node.send("GET", NodeClient.key(key));
            if (reply instanceof Reply.Answer answer && answer.status() == 404) {
                return Completion.ok(Json.NULL);
            }
            return reply instanceof Reply.Answer answer && answer.status() == 200
                    ? Completion.ok(JsonParser.parse(answer.text()))
                    : Completion.readFailed(reply);
        });
    }

    @Override
    public List<Call> lastReads() {
        return IntStream.range(0, begun.size())
                .mapToObj(pair -> read(key(pair, begun.getOrDefault(pair, 0L))))
                .toList();
    }

    @Override
    public Checker checker() {
        return Checkers.named("register").orElseThrow();
    }
}
