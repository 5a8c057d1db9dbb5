package dev.parley.consistency.checker;

import dev.parley.consistency.checker.Transaction.Step;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who appended what, and the order of each list as its longest read shows it. */
final class Lists {

    /** An append: its transaction, and whether it is the transaction's last to that list. */
    record Write(Transaction by, boolean last) {}

    private final Map<String, Map<Json, Write>> writes = new LinkedHashMap<>();
    private final Map<String, List<Json>> orders = new HashMap<>();
    private final Map<String, Map<Json, Integer>> positions = new HashMap<>();
    private final List<Finding> appendedTwice = new ArrayList<>();

    Lists(List<Transaction> transactions) {
        transactions.forEach(this::index);
        Map<String, List<Json>> longest = new HashMap<>();
        for (Transaction transaction : transactions) {
            if (transaction.happened()) {
                for (Step step : transaction.steps()) {
                    if (step instanceof Step.Read(String key, List<Json> elements)) {
                        longest.merge(key, elements, (a, b) -> b.size() > a.size() ? b : a);
                    }
                }
            }
        }
        longest.forEach((key, elements) -> {
            List<Json> order = List.copyOf(new LinkedHashSet<>(elements));
            orders.put(key, order);
            Map<Json, Integer> places = new HashMap<>();
            order.forEach(element -> places.put(element, places.size()));
            positions.put(key, places);
        });
    }

    private void index(Transaction transaction) {
        Map<String, Json> lastOfKey = new HashMap<>();
        for (Step step : transaction.steps()) {
            if (step instanceof Step.Append(String key, Json element)) {
                Write before = writes.computeIfAbsent(key, k -> new LinkedHashMap<>())
                        .putIfAbsent(element, new Write(transaction, true));
                if (before != null) {
                    appendedTwice.add(new Finding(
                            "not-unique",
                            key,
                            "Element " + element.text() + " is appended to " + key + " twice (lines "
                                    + before.by().line() + " and " + transaction.line()
                                    + "); the check needs unique elements.",
                            transaction.line(),
                            before.by().line()));
                    continue;
                }
                Json earlier = lastOfKey.put(key, element);
                if (earlier != null) {
                    writes.get(key).put(earlier, new Write(transaction, false));
                }
            }
        }
    }

    List<Finding> appendedTwice() {
        return appendedTwice;
    }

    Set<String> keys() {
        return writes.keySet();
    }

    /** The elements of a list that somebody read, each once, in order. */
    List<Json> order(String key) {
        return orders.getOrDefault(key, List.of());
    }

    /** The place of an element in the order of its list, or one before its end when no order has it. */
    int position(String key, Json element) {
        return positions
                .getOrDefault(key, Map.of())
                .getOrDefault(element, order(key).size() - 1);
    }

    boolean wasRead(String key) {
        return orders.containsKey(key);
    }

    Optional<Write> write(String key, Json element) {
        return Optional.ofNullable(writes.getOrDefault(key, Map.of()).get(element));
    }

    /** Transactions that surely appended to the list something that no read shows: they come after everything that was read. */
    List<Transaction> unread(String key) {
        Set<Json> read = Set.copyOf(order(key));
        Set<Transaction> seen = new LinkedHashSet<>();
        writes.getOrDefault(key, Map.of()).forEach((element, write) -> {
            if (write.by().happened() && !read.contains(element)) {
                seen.add(write.by());
            }
        });
        return List.copyOf(seen);
    }
}
