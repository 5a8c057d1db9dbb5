package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A set in one value, changed by reading it and writing it back under a lock and its fence, without any condition. Some
 * clients are paused past their lease between the two: finds elements that such a client wipes out.
 */
final class LockSetWorkload implements Workload {
    private static final int SETS_READ_AT_THE_END = 10;

    private final Keys sets;
    private final AtomicLong elements = new AtomicLong();

    LockSetWorkload(String prefix) {
        this.sets = new Keys(prefix + "/lock-set", 2, 100);
    }

    @Override
    public Call next(int client, Random random) {
        String set = sets.next(random);
        if (random.nextInt(4) == 0) {
            return read(set);
        }
        long element = elements.incrementAndGet();
        boolean pauses = random.nextInt(5) == 0;
        return new Call("add", set, Json.of(element), node -> add(node, set, Json.of(element), pauses, random));
    }

    private static Completion add(NodeClient node, String set, Json element, boolean pauses, Random random) {
        Optional<Holding> held = Holding.acquire(node, set.replace('/', '-'), "c" + element.text());
        if (held.isEmpty()) {
            return Completion.fail(element, "not acquired");
        }
        Completion completion =
                switch (Store.get(node, set)) {
                    case Store.Outcome.Missed<Store.Item>(Reply reply) -> Completion.fail(element, reply.describe());
                    case Store.Outcome.Got<Store.Item>(Store.Item item) -> {
                        if (pauses) {
                            Holding.pause(random);
                        }
                        List<Json> all = new ArrayList<>(elementsOf(item));
                        all.add(element);
                        yield Completion.ofWrite(held.get().put(node, set, new Json.Array(all)), element);
                    }
                };
        held.get().release(node);
        return completion;
    }

    private static List<Json> elementsOf(Store.Item item) {
        return item.value() instanceof Json.Array(List<Json> elements) ? elements : List.of();
    }

    private static Call read(String set) {
        return new Call("read", set, Json.NULL, node -> switch (Store.get(node, set)) {
            case Store.Outcome.Got<Store.Item>(Store.Item item) -> Completion.ok(new Json.Array(elementsOf(item)));
            case Store.Outcome.Missed<Store.Item>(Reply reply) -> Completion.readFailed(reply);
        });
    }

    @Override
    public List<Call> lastReads() {
        return sets.used(SETS_READ_AT_THE_END).stream()
                .map(LockSetWorkload::read)
                .toList();
    }

    @Override
    public Checker checker() {
        Checker chain = Checkers.named("set").orElseThrow();
        Checker fates = Checkers.named("set-full-linearizable").orElseThrow();
        return (history, limits) -> chain.check(history, limits).and(fates.check(history, limits));
    }
}
