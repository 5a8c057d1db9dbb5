package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Entries appended to a few ledgers, read back from the beginning, and proven: without a gap, never changed, none that was
 * acknowledged missing, and each in the tree whose root the node shows.
 */
final class LedgerWorkload implements Workload {
    private static final int LEDGERS_READ_AT_THE_END = 10;
    private static final int PAGES_MAX = 100;

    private final Keys ledgers;
    private final AtomicLong elements = new AtomicLong();

    LedgerWorkload(String prefix) {
        // A context is a name: one segment of a path.
        this.ledgers = new Keys(prefix.replaceAll("[^A-Za-z0-9]", "-").replaceAll("^-+", "") + "-ledger", 2, 300);
    }

    @Override
    public Call next(int client, Random random) {
        String ledger = name(ledgers.next(random));
        return switch (random.nextInt(8)) {
            case 0 -> read(ledger);
            case 1 -> prove(ledger, random.nextLong(1, Long.MAX_VALUE));
            default -> append(ledger, Json.of(elements.incrementAndGet()));
        };
    }

    private static String name(String key) {
        return key.replace('/', '-');
    }

    private static String path(String ledger) {
        return "/v1/ledgers/" + ledger;
    }

    private static Call append(String ledger, Json element) {
        return new Call("append", ledger, element, node -> {
            Map<String, Json> entry = new LinkedHashMap<>();
            entry.put("key", Json.of("k"));
            entry.put("value", Json.of(element.text()));
            Reply reply = node.send(
                    "POST",
                    path(ledger) + "/entries",
                    Map.of("Content-Type", "application/json"),
                    Store.object(entry).text());
            Completion completion = Completion.ofWrite(reply, element);
            return reply instanceof Reply.Answer answer && answer.success()
                    ? completion.with("entry", entry(answer.json(), element))
                    : completion;
        });
    }

    /** What the checker compares of an entry. */
    private static Json entry(Json answer, Json element) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("sequence", Store.member(answer, "sequence"));
        members.put("stamp", Store.member(answer, "stamp"));
        members.put("hash", Store.member(answer, "hash"));
        members.put("element", element);
        return Store.object(members);
    }

    private static Call read(String ledger) {
        return new Call("read", ledger, Json.NULL, node -> {
            List<Json> entries = new ArrayList<>();
            String after = "0";
            for (int page = 0; page < PAGES_MAX; page++) {
                Reply reply = node.send("GET", path(ledger) + "/entries?limit=1000&after=" + after);
                if (!(reply instanceof Reply.Answer answer)
                        || answer.status() != 200
                        || !(answer.member("items") instanceof Json.Array(List<Json> items))) {
                    return Completion.readFailed(reply);
                }
                items.forEach(item -> entries.add(entry(item, element(item))));
                if (!answer.member("more").equals(Json.of(true))) {
                    return Completion.ok(new Json.Array(entries));
                }
                after = answer.member("next").text();
            }
            return Completion.fail(Json.NULL, "more than " + PAGES_MAX + " pages");
        });
    }

    private static Json element(Json item) {
        String text = Store.member(item, "value") instanceof Json.Text(String value) ? value : "";
        return text.matches("[0-9]{1,18}") ? Json.of(Long.parseLong(text)) : Json.of(text);
    }

    /** Of an entry among those that are there; which one, the choice decides. */
    private static Call prove(String ledger, long choice) {
        return new Call("prove", ledger, Json.NULL, node -> {
            Reply root = node.send("GET", path(ledger) + "/root");
            if (!(root instanceof Reply.Answer shown) || shown.status() != 200) {
                return Completion.readFailed(root);
            }
            long count = Store.whole(shown.member("count"));
            if (count == 0) {
                return Completion.ok(Json.NULL);
            }
            long sequence = 1 + choice % count;
            Reply reply = node.send("GET", path(ledger) + "/entries/" + sequence + "/proof");
            if (!(reply instanceof Reply.Answer answer) || answer.status() != 200) {
                return Completion.readFailed(reply);
            }
            Map<String, Json> proof = new LinkedHashMap<>();
            proof.put("sequence", Json.of(sequence));
            proof.put("hash", answer.member("leaf"));
            proof.put("count", answer.member("count"));
            proof.put("root", answer.member("root"));
            proof.put("holds", Json.of(TreeProof.holds(answer.json(), sequence - 1)));
            proof.put("shown_count", Json.of(count));
            proof.put("shown_root", shown.member("root"));
            return Completion.ok(Store.object(proof));
        });
    }

    @Override
    public List<Call> lastReads() {
        List<Call> calls = new ArrayList<>();
        for (String ledger : ledgers.used(LEDGERS_READ_AT_THE_END)) {
            calls.add(read(name(ledger)));
            calls.add(prove(name(ledger), Long.MAX_VALUE));
        }
        return calls;
    }

    @Override
    public Checker checker() {
        return Checkers.named("ledger").orElseThrow();
    }
}
