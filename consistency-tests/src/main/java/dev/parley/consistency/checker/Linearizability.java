package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.model.Model;
import dev.parley.consistency.model.Spec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Whether each key's operations could have happened one at a time, each at some moment between its beginning and its end. Keys are independent objects and are
 * searched in parallel. When one key is proved wrong the others get a short time more, for the answer is known.
 */
public final class Linearizability implements Checker {
    private static final Duration AFTER_A_VIOLATION = Duration.ofSeconds(1);

    private final Model model;

    public Linearizability(Model model) {
        this.model = model;
    }

    @Override
    public Verdict check(History history, Limits limits) {
        return check(Operations.pair(history), limits);
    }

    Verdict check(List<Operation> operations, Limits limits) {
        Map<String, List<Operation>> keys = Operations.byKey(operations);
        AtomicLong deadline = new AtomicLong(System.nanoTime() + limits.time().toNanos());
        BooleanSupplier stop = () -> System.nanoTime() - deadline.get() > 0;
        List<Verdict> verdicts = searchAll(keys, limits, deadline, stop);
        return summary(keys, verdicts);
    }

    private List<Verdict> searchAll(
            Map<String, List<Operation>> keys, Limits limits, AtomicLong deadline, BooleanSupplier stop) {
        int threads = Math.max(1, Math.min(limits.threads(), keys.size()));
        long share = limits.memoryBytes() / threads;
        ThreadLocal<Memo> memos = ThreadLocal.withInitial(() -> new Memo(share / 2));
        ExecutorService workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("search-", 0).factory());
        try {
            List<Future<Verdict>> searches = new ArrayList<>();
            keys.forEach((key, operations) -> searches.add(workers.submit(() -> {
                Verdict verdict = search(key, operations, memos.get(), share / 2, stop);
                if (verdict.answer() == Answer.INVALID) {
                    long soon = System.nanoTime() + AFTER_A_VIOLATION.toNanos();
                    deadline.updateAndGet(end -> end - soon > 0 ? soon : end);
                }
                return verdict;
            })));
            List<Verdict> verdicts = new ArrayList<>();
            for (Future<Verdict> search : searches) {
                verdicts.add(await(search));
            }
            return verdicts;
        } finally {
            workers.shutdownNow();
        }
    }

    private static Verdict await(Future<Verdict> search) {
        try {
            return search.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Verdict.unknown(new Finding("interrupted", "", "The check was interrupted."));
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof OutOfMemoryError) {
                return Verdict.unknown(
                        new Finding("out-of-memory", "", "The heap of this process is too small for the search."));
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private Verdict search(String key, List<Operation> operations, Memo memo, long stateBytes, BooleanSupplier stop) {
        Spec spec = model.compile(operations, stateBytes);
        if (stop.getAsBoolean()) {
            return outOfTime(key, operations);
        }
        Optional<Operation> contradiction = model.contradiction(operations);
        // Of a history that is wrong already the search only tells more, and gets little time for it.
        long soon = System.nanoTime() + AFTER_A_VIOLATION.toNanos();
        BooleanSupplier stopEarlier =
                contradiction.isEmpty() ? stop : () -> stop.getAsBoolean() || System.nanoTime() - soon > 0;
        try {
            return switch (new Search(spec, memo, stopEarlier).run()) {
                case Search.Result.Linearizable() -> Verdict.valid();
                case Search.Result.OutOfTime() ->
                    contradiction
                            .map(misfit -> Verdict.invalid(List.of(explain(key, operations, misfit))))
                            .orElseGet(() -> outOfTime(key, operations));
                case Search.Result.Impossible impossible ->
                    Verdict.invalid(List.of(explain(key, operations, spec, impossible)));
            };
        } catch (Spec.StateBudgetExceededException tooMany) {
            return Verdict.unknown(new Finding(
                    "out-of-memory", key, named(key) + "the model has more states than fit the memory limit."));
        }
    }

    private static Verdict outOfTime(String key, List<Operation> operations) {
        return Verdict.unknown(new Finding(
                "out-of-time",
                key,
                named(key) + "the search over " + operations.size() + " operations did not end in time."));
    }

    private Finding explain(String key, List<Operation> operations, Operation misfit) {
        String sentence = named(key) + "process " + misfit.process() + "'s " + model.describe(misfit) + " (lines "
                + misfit.invokedLine() + " to " + misfit.completedLine() + ") cannot be"
                + model.cause(misfit, operations).map(cause -> ": " + cause).orElse("") + ".";
        return new Finding("not-linearizable", key, sentence, misfit.line());
    }

    private Finding explain(String key, List<Operation> operations, Spec spec, Search.Result.Impossible impossible) {
        Operation misfit = spec.operations().get(impossible.misfit());
        String states =
                impossible.states().stream().map(spec::describe).distinct().collect(Collectors.joining(" or "));
        String sentence = named(key) + "process " + misfit.process() + "'s " + model.describe(misfit) + " (lines "
                + misfit.invokedLine() + " to "
                + misfit.completedLine() + ") fits no order: every order of the operations before its end leaves "
                + states
                + model.cause(misfit, operations).map(cause -> "; " + cause).orElse("") + ".";
        List<Integer> lines = new ArrayList<>(List.of(misfit.line()));
        impossible
                .path()
                .reversed()
                .forEach(operation -> lines.add(spec.operations().get(operation).line()));
        return new Finding("not-linearizable", key, sentence, lines);
    }

    private static String named(String key) {
        return key.isEmpty() ? "" : "Key " + key + ": ";
    }

    private Verdict summary(Map<String, List<Operation>> keys, List<Verdict> verdicts) {
        Answer answer = verdicts.stream().map(Verdict::answer).reduce(Answer.VALID, Answer::and);
        List<Finding> findings = new ArrayList<>();
        verdicts.stream()
                .filter(verdict -> verdict.answer() == Answer.INVALID)
                .forEach(verdict -> findings.addAll(verdict.findings()));
        findings.sort((a, b) -> Integer.compare(a.lines().getFirst(), b.lines().getFirst()));
        verdicts.stream()
                .filter(verdict -> verdict.answer() == Answer.UNKNOWN)
                .forEach(verdict -> findings.addAll(verdict.findings()));
        Map<String, Json> facts = new LinkedHashMap<>();
        facts.put("model", Json.of(model.name()));
        facts.put("keys", Json.of(keys.size()));
        facts.put(
                "operations",
                Json.of(keys.values().stream().mapToLong(List::size).sum()));
        facts.put(
                "invalid_keys",
                Json.of(verdicts.stream()
                        .filter(verdict -> verdict.answer() == Answer.INVALID)
                        .count()));
        facts.put(
                "unknown_keys",
                Json.of(verdicts.stream()
                        .filter(verdict -> verdict.answer() == Answer.UNKNOWN)
                        .count()));
        return new Verdict(answer, findings, facts);
    }
}
