package dev.parley.consistency.convict;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.workload.Call;
import dev.parley.consistency.workload.Completion;
import dev.parley.consistency.workload.Workload;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Writes keys, deletes them soon after and reads them again and again: finds what comes back. Ballast makes the first
 * tables so large that merges of the later ones leave them out.
 */
final class DeletionsWorkload implements Workload {
    private static final int BALLAST_KEYS = 48;
    private static final int BALLAST_BYTES = 32_000;
    private static final int WRITTEN_BEFORE = 40;
    private static final int READ_BACK = 60;

    private final String prefix;
    private final AtomicLong turns = new AtomicLong();

    DeletionsWorkload(String prefix) {
        this.prefix = prefix + "/deletions/";
    }

    @Override
    public boolean prepare(NodeClient node) {
        String ballast = "x".repeat(BALLAST_BYTES);
        for (int i = 0; i < BALLAST_KEYS; i++) {
            Reply reply = node.send("PUT", NodeClient.key(prefix + "ballast/" + i), Map.of(), ballast);
            if (reply.effect() != Reply.Effect.DONE) {
                return false;
            }
        }
        return true;
    }

    private String key(long number) {
        return prefix + number;
    }

    /** In turn: write the next key, delete an older one, read one that is deleted already. */
    @Override
    public Call next(int client, Random random) {
        long turn = turns.getAndIncrement();
        long newest = turn / 3;
        long oldest = newest - WRITTEN_BEFORE;
        if (turn % 3 == 0 || oldest < 0) {
            return turn % 3 == 0 ? write(key(newest)) : RelayWorkload.read(key(random.nextLong(newest + 1)));
        }
        return turn % 3 == 1
                ? delete(key(oldest))
                : RelayWorkload.read(key(Math.max(0, oldest - random.nextInt(READ_BACK))));
    }

    private static Call write(String key) {
        return new Call(
                "write",
                key,
                Json.of(1),
                node -> Completion.ofWrite(node.send("PUT", NodeClient.key(key), Map.of(), "1"), Json.of(1)));
    }

    private static Call delete(String key) {
        return new Call(
                "write",
                key,
                Json.NULL,
                node -> Completion.ofWrite(node.send("DELETE", NodeClient.key(key)), Json.NULL));
    }

    @Override
    public List<Call> lastReads() {
        long newest = turns.get() / 3;
        return LongStream.rangeClosed(Math.max(0, newest - 2 * READ_BACK), newest)
                .mapToObj(number -> RelayWorkload.read(key(number)))
                .toList();
    }

    @Override
    public Checker checker() {
        return Checkers.named("register").orElseThrow();
    }
}
