package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Bank;
import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Transfers between accounts whose total never changes: finds transactions that are half visible or half done. */
final class BankWorkload implements Workload {
    private static final int ACCOUNTS = 6;
    private static final long OPENING_BALANCE = 100;

    private final String prefix;

    BankWorkload(String prefix) {
        this.prefix = prefix + "/bank/";
    }

    private String account(int number) {
        return prefix + number;
    }

    @Override
    public boolean prepare(NodeClient node) {
        Map<String, Long> missing = new LinkedHashMap<>();
        Map<String, Json> balances = new LinkedHashMap<>();
        for (int a = 0; a < ACCOUNTS; a++) {
            missing.put(account(a), 0L);
            balances.put(account(a), Json.of(OPENING_BALANCE));
        }
        Reply reply = Store.txn(node, Store.exchange(missing, balances));
        return reply instanceof Reply.Answer answer && answer.status() == 200;
    }

    @Override
    public Call next(int client, Random random) {
        if (random.nextInt(3) == 0) {
            return random.nextBoolean() ? readByList() : readByTransaction();
        }
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        long amount = 1 + random.nextInt(10);
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("from", Json.of(from));
        members.put("to", Json.of(to));
        members.put("amount", Json.of(amount));
        return new Call(
                "transfer", "", new Json.Obj(members), node -> transfer(node, from, to, amount, new Json.Obj(members)));
    }

    private Completion transfer(NodeClient node, int from, int to, long amount, Json value) {
        return switch (Store.getAll(node, List.of(account(from), account(to)))) {
            case Store.Outcome.Missed<List<Store.Item>>(Reply reply) -> Completion.fail(value, reply.describe());
            case Store.Outcome.Got<List<Store.Item>>(List<Store.Item> items) -> {
                long fromBalance = Store.whole(items.get(0).value()) - amount;
                if (fromBalance < 0) {
                    yield Completion.fail(value, "not enough money");
                }
                Map<String, Long> revisions = new LinkedHashMap<>();
                revisions.put(account(from), items.get(0).revision());
                revisions.put(account(to), items.get(1).revision());
                Map<String, Json> balances = new LinkedHashMap<>();
                balances.put(account(from), Json.of(fromBalance));
                balances.put(account(to), Json.of(Store.whole(items.get(1).value()) + amount));
                Reply reply = Store.txn(node, Store.exchange(revisions, balances));
                boolean refused =
                        reply instanceof Reply.Answer answer && answer.status() == 200 && !Store.succeeded(answer);
                yield refused ? Completion.fail(value, "compare failed") : Completion.ofWrite(reply, value);
            }
        };
    }

    private Call readByList() {
        return new Call("read", "", Json.NULL, node -> switch (Store.list(node, prefix, "")) {
            case Store.Outcome.Missed<Store.Listing>(Reply reply) -> Completion.readFailed(reply);
            case Store.Outcome.Got<Store.Listing>(Store.Listing listing) -> {
                Map<String, Json> balances = new LinkedHashMap<>();
                listing.items().forEach((key, item) -> balances.put(key.replace("\"", ""), item.value()));
                yield Completion.ok(new Json.Obj(balances)).with("revision", Json.of(listing.revision()));
            }
        });
    }

    private Call readByTransaction() {
        List<String> accounts =
                IntStream.range(0, ACCOUNTS).mapToObj(this::account).toList();
        return new Call("read", "", Json.NULL, node -> switch (Store.getAll(node, accounts)) {
            case Store.Outcome.Missed<List<Store.Item>>(Reply reply) -> Completion.readFailed(reply);
            case Store.Outcome.Got<List<Store.Item>>(List<Store.Item> items) -> {
                Map<String, Json> balances = new LinkedHashMap<>();
                for (int a = 0; a < ACCOUNTS; a++) {
                    balances.put(account(a), items.get(a).value());
                }
                yield Completion.ok(new Json.Obj(balances));
            }
        });
    }

    @Override
    public List<Call> lastReads() {
        return List.of(readByList(), readByTransaction());
    }

    @Override
    public Checker checker() {
        return new Bank(ACCOUNTS * OPENING_BALANCE);
    }
}
