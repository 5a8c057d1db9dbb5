package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Unique elements, each a key, read back by listing: finds acknowledged writes that are lost, and lists that are stale. */
final class SetWorkload implements Workload {
    private static final int SETS_READ_AT_THE_END = 10;

    private final Keys sets;
    private final AtomicLong elements = new AtomicLong();

    SetWorkload(String prefix) {
        this.sets = new Keys(prefix + "/set", 1, 400);
    }

    @Override
    public Call next(int client, Random random) {
        String set = sets.next(random);
        if (random.nextInt(5) == 0) {
            return read(set);
        }
        Json element = Json.of(elements.incrementAndGet());
        return new Call(
                "add",
                set,
                element,
                node -> Completion.ofWrite(Store.put(node, set + "/" + element.text(), element, Map.of()), element));
    }

    private static Call read(String set) {
        return new Call("read", set, Json.NULL, node -> switch (Store.list(node, set + "/", "")) {
            case Store.Outcome.Got<Store.Listing>(Store.Listing listing) ->
                Completion.ok(new Json.Array(listing.items().values().stream()
                                .map(Store.Item::value)
                                .toList()))
                        .with("revision", Json.of(listing.revision()));
            case Store.Outcome.Missed<Store.Listing>(Reply reply) -> Completion.readFailed(reply);
        });
    }

    @Override
    public List<Call> lastReads() {
        return sets.used(SETS_READ_AT_THE_END).stream().map(SetWorkload::read).toList();
    }

    @Override
    public Optional<Trace> trace(Event unanswered) {
        Json element = unanswered.value();
        return Optional.of(Trace.ofValue(unanswered.key() + "/" + element.text(), element, 0));
    }

    @Override
    public Checker checker() {
        Checker chain = Checkers.named("set").orElseThrow();
        Checker fates = Checkers.named("set-full-linearizable").orElseThrow();
        return (history, limits) -> chain.check(history, limits).and(fates.check(history, limits));
    }
}
