package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Candidates stand, write under the fence of their office, and resign; some are paused past their lease while they lead and
 * write on. Others ask who leads: finds two leaders at once, leaders out of order, and writes of those who lead no more.
 */
final class ElectionWorkload implements Workload {
    private static final int ELECTIONS = 3;

    private final String prefix;
    private final AtomicLong candidates = new AtomicLong();

    ElectionWorkload(String prefix) {
        this.prefix = prefix + "/election/";
    }

    @Override
    public Call next(int client, Random random) {
        String key = prefix + random.nextInt(ELECTIONS);
        if (random.nextInt(3) > 0) {
            return leader(key);
        }
        String candidate = "c" + client + "-" + candidates.incrementAndGet();
        boolean pauses = random.nextInt(5) == 0;
        return new Call("hold", key, Json.of(candidate), node -> hold(node, key, candidate, pauses, random));
    }

    private static String name(String key) {
        return key.replace('/', '-');
    }

    private static Completion hold(NodeClient node, String key, String candidate, boolean pauses, Random random) {
        Optional<Holding> office = Holding.stand(node, name(key), candidate);
        if (office.isEmpty()) {
            return Completion.fail(Json.of(candidate), "not elected");
        }
        List<Json> revisions = new ArrayList<>();
        for (int write = 0; write < 2; write++) {
            if (pauses && write == 1) {
                Holding.pause(random);
            }
            Reply reply = office.get().put(node, key, Json.of(candidate + "." + write));
            if (reply instanceof Reply.Answer answer && answer.success()) {
                revisions.add(answer.member("revision"));
            }
        }
        boolean resigned = office.get().release(node);
        Map<String, Json> result = new LinkedHashMap<>();
        result.put("candidate", Json.of(candidate));
        result.put("token", Json.of(office.get().token()));
        result.put("revisions", new Json.Array(revisions));
        result.put("resigned", Json.of(resigned));
        return Completion.ok(new Json.Obj(result));
    }

    private static Call leader(String key) {
        return new Call("leader", key, Json.NULL, node -> {
            Reply reply = node.send("GET", "/v1/elections/" + name(key));
            if (!(reply instanceof Reply.Answer answer) || answer.status() != 200 && answer.status() != 404) {
                return Completion.readFailed(reply);
            }
            return answer.member("leader") instanceof Json.Obj leader
                    ? Completion.ok(
                            Store.object(Map.of("candidate", leader.get("candidate"), "token", leader.get("token"))))
                    : Completion.ok(Json.NULL);
        });
    }

    @Override
    public List<Call> lastReads() {
        return IntStream.range(0, ELECTIONS)
                .mapToObj(number -> leader(prefix + number))
                .toList();
    }

    @Override
    public Checker checker() {
        return Checkers.named("elections").orElseThrow();
    }
}
