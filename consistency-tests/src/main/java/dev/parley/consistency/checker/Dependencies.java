package dev.parley.consistency.checker;

import dev.parley.consistency.checker.Transaction.Step;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which transaction must come before which, and why. Nodes below {@link #transactions()} are transactions; the others only pass an edge on. */
final class Dependencies {

    /** Why one comes before the other. */
    enum Kind {
        /** It wrote the version before. */
        WRITE_WRITE,
        /** It wrote what the other read. */
        WRITE_READ,
        /** It read the version before the other's. */
        READ_WRITE,
        /** The same client did it before. */
        PROCESS,
        /** It had ended when the other began. */
        TIME
    }

    /** One dependency; {@code key} is empty for those of process and time. */
    record Edge(int from, int to, Kind kind, String key) {}

    private final List<Transaction> transactions;
    private final List<List<Edge>> out = new ArrayList<>();

    private Dependencies(List<Transaction> transactions) {
        this.transactions = transactions;
        transactions.forEach(transaction -> out.add(new ArrayList<>()));
    }

    static Dependencies of(List<Transaction> transactions, Lists lists) {
        Dependencies graph = new Dependencies(transactions);
        lists.keys().forEach(key -> graph.writes(key, lists));
        transactions.stream().filter(Transaction::happened).forEach(transaction -> graph.reads(transaction, lists));
        graph.processes();
        graph.time();
        return graph;
    }

    List<Transaction> transactions() {
        return transactions;
    }

    List<Edge> from(int node) {
        return out.get(node);
    }

    int size() {
        return out.size();
    }

    private void add(int from, int to, Kind kind, String key) {
        if (from != to) {
            out.get(from).add(new Edge(from, to, kind, key));
        }
    }

    private void writes(String key, Lists lists) {
        Optional<Transaction> previous = Optional.empty();
        for (Json element : lists.order(key)) {
            Optional<Transaction> writer = lists.write(key, element).map(Lists.Write::by);
            if (writer.isPresent()) {
                previous.ifPresent(before -> add(before.node(), writer.get().node(), Kind.WRITE_WRITE, key));
                previous = writer;
            }
        }
        if (lists.wasRead(key) && previous.isPresent()) {
            int last = previous.get().node();
            lists.unread(key).forEach(after -> add(last, after.node(), Kind.WRITE_WRITE, key));
        }
    }

    private void reads(Transaction reader, Lists lists) {
        Set<String> written = new HashSet<>();
        for (Step step : reader.steps()) {
            switch (step) {
                case Step.Append(String key, Json element) -> written.add(key);
                case Step.Read(String key, List<Json> elements) -> {
                    // A read behind the reader's own append shows the state that the reader made: no dependency on
                    // others but by the append.
                    if (!written.contains(key)) {
                        if (!elements.isEmpty()) {
                            lists.write(key, elements.getLast())
                                    .ifPresent(write -> add(write.by().node(), reader.node(), Kind.WRITE_READ, key));
                        }
                        overwriters(key, elements, lists)
                                .forEach(writer -> add(reader.node(), writer.node(), Kind.READ_WRITE, key));
                    }
                }
            }
        }
    }

    /** Who wrote the version after the one that was read. */
    private static List<Transaction> overwriters(String key, List<Json> elements, Lists lists) {
        List<Json> order = lists.order(key);
        int next = elements.isEmpty() ? 0 : lists.position(key, elements.getLast()) + 1;
        if (next < order.size()) {
            return lists.write(key, order.get(next))
                    .map(write -> List.of(write.by()))
                    .orElse(List.of());
        }
        return lists.unread(key);
    }

    private void processes() {
        Map<String, Transaction> last = new HashMap<>();
        for (Transaction transaction : transactions) {
            if (transaction.happened()) {
                Transaction before = last.put(transaction.operation().process(), transaction);
                if (before != null) {
                    add(before.node(), transaction.node(), Kind.PROCESS, "");
                }
            }
        }
    }

    /**
     * Edges from everything that ended before a transaction began. Through chains of passing nodes, one for each end: the ends before a moment are reached by
     * one edge to the newest, so there are few edges however many ran at the same time.
     */
    private void time() {
        List<Transaction> byEnd = transactions.stream()
                .filter(Transaction::happened)
                .sorted(Comparator.comparingInt(
                        transaction -> transaction.operation().completed()))
                .toList();
        List<Transaction> byBeginning = transactions.stream()
                .filter(transaction ->
                        !transaction.failed() && transaction.operation().invoked() != Operation.UNKNOWN_START)
                .sorted(Comparator.comparingInt(
                        transaction -> transaction.operation().invoked()))
                .toList();
        int ended = 0;
        int newestPassage = -1;
        for (Transaction transaction : byBeginning) {
            while (ended < byEnd.size()
                    && byEnd.get(ended).operation().completed()
                            < transaction.operation().invoked()) {
                int passage = out.size();
                out.add(new ArrayList<>());
                add(byEnd.get(ended).node(), passage, Kind.TIME, "");
                if (newestPassage >= 0) {
                    add(newestPassage, passage, Kind.TIME, "");
                }
                newestPassage = passage;
                ended++;
            }
            if (newestPassage >= 0) {
                add(newestPassage, transaction.node(), Kind.TIME, "");
            }
        }
    }
}
