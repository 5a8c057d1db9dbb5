package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.EventStream;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Watchers of one prefix that go on at whichever node they are sent to, while others write, delete and transact below it. A
 * watcher reads a stream for a moment, leaves in the middle, and goes on behind what it saw last: by {@code from} or by
 * {@code Last-Event-ID}. At the end every node is asked for the whole stream.
 */
final class WatchWorkload implements Workload {
    private static final int KEYS = 12;
    private static final int WATCHERS = 3;
    private static final Duration GLANCE = Duration.ofMillis(700);
    private static final Duration LAST_LOOK = Duration.ofSeconds(20);

    private final String prefix;
    private final AtomicLong values = new AtomicLong();
    private final Map<String, Long> next = new ConcurrentHashMap<>();
    /** Those nobody reads for now; whichever client takes one sends it to its own node. */
    private final Queue<String> watchers = new ConcurrentLinkedQueue<>();

    private final EventStream streams = new EventStream();

    WatchWorkload(String prefix) {
        this.prefix = prefix + "/watched/";
        for (int i = 1; i <= WATCHERS; i++) {
            watchers.add("w" + i);
        }
    }

    @Override
    public Call next(int client, Random random) {
        Optional<String> watcher = random.nextInt(4) == 0 ? Optional.ofNullable(watchers.poll()) : Optional.empty();
        if (watcher.isPresent()) {
            return watch(watcher.get(), random.nextBoolean(), random.nextInt(3) == 0);
        }
        String key = prefix + random.nextInt(KEYS);
        Json value = Json.of(values.incrementAndGet());
        return switch (random.nextInt(6)) {
            case 0 -> new Call("delete", key, Json.NULL, node -> deleted(node, key));
            case 1 -> transact(key, prefix + "x" + random.nextInt(KEYS), value);
            default -> new Call("write", key, value, node -> written(Store.put(node, key, value, Map.of()), value));
        };
    }

    private static Completion written(Reply reply, Json value) {
        Completion completion = Completion.ofWrite(reply, value);
        return reply instanceof Reply.Answer answer && answer.success()
                ? completion.with("revision", answer.member("revision"))
                : completion;
    }

    private static Completion deleted(NodeClient node, String key) {
        return Completion.ofWrite(node.send("DELETE", NodeClient.key(key)), Json.NULL);
    }

    /** Two keys in one revision. */
    private static Call transact(String one, String other, Json value) {
        Json puts = Json.array(put(one, value), put(other, value));
        Json request = new Json.Obj(Map.of("success", puts));
        return new Call(
                "write",
                one,
                value,
                node -> written(
                        node.send("POST", "/v1/txn", Map.of("Content-Type", "application/json"), request.text()),
                        value));
    }

    private static Json put(String key, Json value) {
        return new Json.Obj(Map.of("put", new Json.Obj(Map.of("key", Json.of(key), "value", Json.of(value.text())))));
    }

    /** @param watcher nobody else's until it ends */
    private Call watch(String watcher, boolean byHeader, boolean longer) {
        return new Call("watch", watcher, Json.NULL, node -> {
            try {
                long from = next.getOrDefault(watcher, 1L);
                Duration time = longer ? GLANCE.multipliedBy(2) : GLANCE;
                EventStream.Session session = session(node, from, byHeader, time, Long.MAX_VALUE);
                next.put(watcher, behind(session, from));
                return completion(session, from);
            } finally {
                watchers.add(watcher);
            }
        });
    }

    private EventStream.Session session(NodeClient node, long from, boolean byHeader, Duration time, long until) {
        String query = "/v1/watch?prev=true&prefix=" + NodeClient.encode(prefix) + (byHeader ? "" : "&from=" + from);
        Map<String, String> headers = byHeader
                ? Map.of("Accept", "text/event-stream", "Last-Event-ID", Long.toString(from - 1))
                : Map.of("Accept", "text/event-stream");
        return streams.read(URI.create(node.base() + query), headers, time, message -> revision(message) >= until);
    }

    private static long revision(EventStream.Message message) {
        return Store.whole(message.data().get("revision"));
    }

    /** Where to go on: behind the last message, or where the history begins when it was compacted. */
    private static long behind(EventStream.Session session, long from) {
        if (session.status() == 410 && session.refusal() instanceof Json.Obj problem) {
            return Store.whole(problem.get("compacted_revision"));
        }
        long behind = from;
        for (EventStream.Message message : session.messages()) {
            behind = switch (message.name()) {
                case "", "bookmark" -> revision(message) + 1;
                case "lagged" -> Store.whole(message.data().get("compacted_revision"));
                default -> behind;
            };
        }
        return behind;
    }

    private static Completion completion(EventStream.Session session, long from) {
        if (session.status() != 200) {
            return Completion.fail(Json.NULL, "status " + session.status()).with("from", Json.of(from));
        }
        List<Json> messages = new ArrayList<>();
        for (EventStream.Message message : session.messages()) {
            Map<String, Json> members = new LinkedHashMap<>();
            members.put("name", Json.of(message.name()));
            members.putAll(message.data().members());
            messages.add(new Json.Obj(members));
        }
        return Completion.ok(new Json.Array(messages)).with("from", Json.of(from));
    }

    /** The whole stream of a node, up to a write made for the purpose. */
    private Call log(int number) {
        return new Call("log", "log" + number, Json.NULL, node -> {
            Reply mark = Store.put(node, prefix + "end", Json.of(-values.incrementAndGet()), Map.of());
            if (!(mark instanceof Reply.Answer answer) || !answer.success()) {
                return Completion.readFailed(mark);
            }
            long until = Store.whole(answer.member("revision"));
            EventStream.Session session = session(node, 1, false, LAST_LOOK, until);
            if (session.status() == 410) {
                long from = behind(session, 1);
                return completion(session(node, from, false, LAST_LOOK, until), from)
                        .with("until", Json.of(until));
            }
            return completion(session, 1).with("until", Json.of(until));
        });
    }

    @Override
    public List<Call> lastReads() {
        return List.of(log(1));
    }

    @Override
    public Checker checker() {
        return Checkers.named("watch").orElseThrow();
    }
}
