package dev.parley.consistency.checker;

import dev.parley.consistency.checker.Transaction.Step;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The anomalies that single reads, or two reads of one list, give away. */
final class ReadAnomalies {
    private final List<Transaction> transactions;
    private final Lists lists;
    private final List<Finding> findings = new ArrayList<>();

    ReadAnomalies(List<Transaction> transactions, Lists lists) {
        this.transactions = transactions;
        this.lists = lists;
    }

    List<Finding> find() {
        Map<String, Transaction> longestReader = new HashMap<>();
        Map<String, List<Json>> longest = new HashMap<>();
        for (Transaction transaction : transactions) {
            if (transaction.happened()) {
                internal(transaction);
                for (Step step : transaction.steps()) {
                    if (step instanceof Step.Read read) {
                        elements(transaction, read);
                        if (read.elements().size()
                                >= longest.getOrDefault(read.key(), List.of()).size()) {
                            longest.put(read.key(), read.elements());
                            longestReader.put(read.key(), transaction);
                        }
                    }
                }
            }
        }
        for (Transaction transaction : transactions) {
            if (transaction.happened()) {
                for (Step step : transaction.steps()) {
                    if (step instanceof Step.Read(String key, List<Json> elements)
                            && !isPrefix(elements, longest.get(key))) {
                        add(
                                "incompatible-order",
                                key,
                                capital(transaction) + " read " + text(elements) + " and "
                                        + longestReader.get(key).name() + " read " + text(longest.get(key))
                                        + ": neither list is the beginning of the other.",
                                transaction,
                                longestReader.get(key));
                    }
                }
            }
        }
        dirtyUpdates();
        lostUpdates();
        return findings;
    }

    /** What a transaction read must agree with what it read and appended before. */
    private void internal(Transaction transaction) {
        Map<String, List<Json>> known = new HashMap<>();
        Map<String, List<Json>> appended = new HashMap<>();
        Map<String, Set<Json>> later = new HashMap<>();
        for (Step step : transaction.steps()) {
            if (step instanceof Step.Append(String key, Json element)) {
                later.computeIfAbsent(key, k -> new HashSet<>()).add(element);
            }
        }
        for (Step step : transaction.steps()) {
            switch (step) {
                case Step.Append(String key, Json element) -> {
                    appended.computeIfAbsent(key, k -> new ArrayList<>()).add(element);
                    later.get(key).remove(element);
                    if (known.containsKey(key)) {
                        known.put(key, with(known.get(key), element));
                    }
                }
                case Step.Read(String key, List<Json> elements) -> {
                    List<Json> own = appended.getOrDefault(key, List.of());
                    boolean agrees = known.containsKey(key) ? known.get(key).equals(elements) : isSuffix(own, elements);
                    if (!agrees) {
                        String expected = known.containsKey(key)
                                ? "not " + text(known.get(key))
                                : "not a list that ends in " + text(own);
                        add(
                                "internal",
                                key,
                                capital(transaction) + " read " + text(elements) + " from " + key + ", " + expected
                                        + ", as its own earlier steps demand.",
                                transaction);
                    }
                    elements.stream()
                            .filter(later.getOrDefault(key, Set.of())::contains)
                            .findFirst()
                            .ifPresent(future -> add(
                                    "future-read",
                                    key,
                                    capital(transaction) + " read " + future.text() + " from " + key
                                            + " before it appended it.",
                                    transaction));
                    known.put(key, elements);
                }
            }
        }
    }

    private void elements(Transaction reader, Step.Read read) {
        Set<Json> seen = new HashSet<>();
        for (Json element : read.elements()) {
            if (!seen.add(element)) {
                add(
                        "duplicate-elements",
                        read.key(),
                        capital(reader) + " read " + element.text() + " twice in " + read.key()
                                + ": an append took effect more than once.",
                        reader);
            }
            Optional<Lists.Write> write = lists.write(read.key(), element);
            if (write.isEmpty()) {
                add(
                        "phantom",
                        read.key(),
                        capital(reader) + " read " + element.text() + " from " + read.key()
                                + ", which nobody appended.",
                        reader);
            } else if (write.get().by().failed()) {
                add(
                        "G1a",
                        read.key(),
                        capital(reader) + " read " + element.text() + " from " + read.key()
                                + ", which only a transaction that failed (line "
                                + write.get().by().line() + ") appended.",
                        reader,
                        write.get().by());
            }
        }
        if (!read.elements().isEmpty()) {
            lists.write(read.key(), read.elements().getLast())
                    .filter(write -> !write.last() && !write.by().equals(reader))
                    .ifPresent(write -> add(
                            "G1b",
                            read.key(),
                            capital(reader) + " read " + text(read.elements()) + " from " + read.key()
                                    + ", a state in the middle of " + write.by().name() + ".",
                            reader,
                            write.by()));
        }
    }

    /** An append that lasted, behind one that was taken back. */
    private void dirtyUpdates() {
        for (String key : lists.keys()) {
            Optional<Transaction> failed = Optional.empty();
            for (Json element : lists.order(key)) {
                Optional<Transaction> by = lists.write(key, element).map(Lists.Write::by);
                if (by.isPresent() && by.get().failed()) {
                    failed = by;
                } else if (by.isPresent() && by.get().happened() && failed.isPresent()) {
                    add(
                            "dirty-update",
                            key,
                            capital(by.get()) + " appended to a state of " + key + " that holds the append of "
                                    + failed.get().name() + ", which failed.",
                            by.get(),
                            failed.get());
                    break;
                }
            }
        }
    }

    /** Two transactions that saw the same list and both appended to it. */
    private void lostUpdates() {
        Map<List<Object>, Transaction> readers = new HashMap<>();
        for (Transaction transaction : transactions) {
            if (!transaction.happened()) {
                continue;
            }
            Map<String, List<Json>> seen = new HashMap<>();
            Set<String> written = new HashSet<>();
            for (Step step : transaction.steps()) {
                switch (step) {
                    case Step.Read(String key, List<Json> elements) -> {
                        if (!written.contains(key)) {
                            seen.putIfAbsent(key, elements);
                        }
                    }
                    case Step.Append(String key, Json element) -> written.add(key);
                }
            }
            seen.forEach((key, elements) -> {
                if (written.contains(key)) {
                    Transaction other = readers.putIfAbsent(List.of(key, elements), transaction);
                    if (other != null) {
                        add(
                                "lost-update",
                                key,
                                capital(transaction) + " and " + other.name() + " both read " + text(elements)
                                        + " from " + key + " and both appended to it: one did not see the other.",
                                transaction,
                                other);
                    }
                }
            });
        }
    }

    private void add(String kind, String key, String sentence, Transaction... involved) {
        findings.add(new Finding(
                kind,
                key,
                sentence,
                java.util.Arrays.stream(involved).map(Transaction::line).toList()));
    }

    private static String capital(Transaction transaction) {
        return "The transaction at line " + transaction.line();
    }

    private static String text(List<Json> elements) {
        return elements.size() <= 20
                ? new Json.Array(elements).text()
                : "a list of " + elements.size() + " elements that ends in "
                        + elements.getLast().text();
    }

    private static List<Json> with(List<Json> elements, Json element) {
        List<Json> more = new ArrayList<>(elements);
        more.add(element);
        return more;
    }

    private static boolean isPrefix(List<Json> prefix, List<Json> of) {
        return prefix.size() <= of.size() && of.subList(0, prefix.size()).equals(prefix);
    }

    private static boolean isSuffix(List<Json> suffix, List<Json> of) {
        return suffix.size() <= of.size()
                && of.subList(of.size() - suffix.size(), of.size()).equals(suffix);
    }
}
