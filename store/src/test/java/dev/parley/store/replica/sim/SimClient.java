package dev.parley.store.replica.sim;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Command.Precondition.Match;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Submission;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.CoreHandle;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateStore.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Does one operation after the other, on any node, and holds every answer against the log. That is an exact check of
 * linearizability: the log gives every operation its place, so it is enough that each answer is the one of its place
 * and that no place is before the place of what had ended when the operation began.
 */
final class SimClient {
    private static final long MILLI = 1_000_000;
    private static final int KEYS = 4;

    private final String name;
    private final VirtualTime time;
    private final List<SimNode> nodes;
    private final Judge judge;
    private final SplittableRandom random;
    private final Progress progress;
    private int operationsLeft;
    private int operation;
    private boolean busy;
    private long revisionSeen;
    private final List<String> refused = new ArrayList<>();
    private final Map<String, List<String>> attemptsOfOnce = new TreeMap<>();

    /** Shared by all clients: the latest place in the log of what has ended. */
    static final class Progress {
        long endedUpTo;
        int decided;
        int refused;
        int unknown;
        int reads;
        int staleReads;
        final List<Long> leases = new ArrayList<>();
    }

    SimClient(
            String name,
            VirtualTime time,
            List<SimNode> nodes,
            Judge judge,
            SplittableRandom random,
            Progress progress,
            int operations) {
        this.name = name;
        this.time = time;
        this.nodes = nodes;
        this.judge = judge;
        this.random = random;
        this.progress = progress;
        this.operationsLeft = operations;
    }

    /** A write that changes nothing anybody looks at. */
    static Submission probe(String author) {
        Command delete = new Command.Delete(Key.of("nothing"), Precondition.NONE);
        return new Submission(delete, author, Optional.empty(), List.of());
    }

    boolean isDone() {
        return operationsLeft == 0 && !busy;
    }

    void begin() {
        time.after(random.nextLong(100 * MILLI), name, this::next);
    }

    private void next() {
        busy = false;
        if (operationsLeft == 0) {
            return;
        }
        SimNode node = nodes.get(random.nextInt(random.nextInt(nodes.size()) + 1));
        if (!node.isUp()) {
            time.after(50 * MILLI, name + " waits", this::next);
            return;
        }
        operationsLeft--;
        operation++;
        busy = true;
        Key key = Key.of("k" + random.nextInt(KEYS));
        switch (random.nextInt(10)) {
            case 0, 1 -> write(node, put(key, Precondition.NONE), 0, Optional.empty());
            case 2 -> write(node, put(key, expecting(revisionSeen)), 0, Optional.empty());
            case 3 -> write(node, new Command.Delete(key, Precondition.NONE), 0, Optional.empty());
            case 4 -> write(node, put(key, Precondition.NONE), 0, Optional.of(name + "-" + operation));
            case 5, 6 -> read(node, key, false);
            case 7 -> write(node, new Command.Compact(Math.max(0, revisionSeen - 2)), 0, Optional.empty());
            case 8 -> write(node, aboutALease(key), 0, Optional.empty());
            default -> read(node, key, true);
        }
    }

    /** Leases that anybody was granted; most of them end by themselves before it is over. */
    private Command aboutALease(Key key) {
        List<Long> leases = progress.leases;
        if (leases.isEmpty() || random.nextInt(3) == 0) {
            return new Command.GrantLease(Duration.ofMillis(random.nextInt(1_000, 4_000)));
        }
        long lease = leases.get(random.nextInt(leases.size()));
        return random.nextInt(3) == 0
                ? new Command.KeepLeaseAlive(lease)
                : new Command.Put(
                        key,
                        Bytes.utf8(name + "." + operation),
                        "text/plain",
                        new Command.LeaseChoice.Existing(lease),
                        Precondition.NONE);
    }

    private void pauseThenNext() {
        time.after(random.nextLong(20 * MILLI), name, this::next);
    }

    private Command put(Key key, Precondition precondition) {
        return new Command.Put(
                key, Bytes.utf8(name + "." + operation), "text/plain", new Command.LeaseChoice.None(), precondition);
    }

    private static Precondition expecting(long revision) {
        return new Precondition(new Match.OneOf(List.of(revision)), new Match.Absent());
    }

    // -- writes ---------------------------------------------------------------------------------------------------

    /** @param once retried under this key until it is known to have happened */
    private void write(SimNode node, Command command, int attempt, Optional<String> once) {
        String author = name + "." + operation + "#" + attempt;
        Submission submission = new Submission(
                command, author, once.map(key -> new Submission.Idempotency(key, Bytes.utf8(key))), List.of());
        once.ifPresent(key ->
                attemptsOfOnce.computeIfAbsent(key, first -> new ArrayList<>()).add(author));
        long began = progress.endedUpTo;
        time.note(() -> author + " at " + node.name() + ": " + command);
        ask(
                node,
                (core, question) -> core.submit(submission, deadline(), result -> {
                    question.end();
                    ended(author, began, result, command, once, attempt);
                }),
                () -> ended(author, began, new Result.Unknown(), command, once, attempt));
    }

    private void ended(String author, long began, Result result, Command command, Optional<String> once, int attempt) {
        time.note(() -> author + " ended: " + result);
        Optional<Judge.Fact> fact = judge.fact(author);
        switch (result) {
            case Result.Decided(Outcome outcome, long revision) -> {
                progress.decided++;
                Judge.Fact known =
                        fact.orElseThrow(() -> new AssertionError(author + " was answered but is not there"));
                Judge.require(
                        known.answer().outcome().equals(outcome)
                                && known.answer().revision() == revision,
                        () -> author + " was answered " + outcome + " but the log says " + known.answer());
                Judge.require(
                        known.index() > began, () -> author + " is at " + known.index() + " but began after " + began);
                progress.endedUpTo = Math.max(progress.endedUpTo, known.index());
                if (outcome instanceof Outcome.LeaseGranted granted) {
                    progress.leases.add(granted.lease());
                }
                pauseThenNext();
            }
            case Result.NotApplied(Refusal why) -> {
                progress.refused++;
                refused.add(author);
                retryOr(command, once, attempt);
            }
            case Result.Unknown() -> {
                progress.unknown++;
                retryOr(command, once, attempt);
            }
        }
    }

    /** To be asked at the end: what was refused never happened, what was retried under one key happened once. */
    void ledgerIsRight() {
        for (String author : refused) {
            Judge.require(judge.fact(author).isEmpty(), () -> author + " was refused but was applied");
        }
        attemptsOfOnce.forEach((key, attempts) -> {
            long done = attempts.stream()
                    .flatMap(author -> judge.fact(author).stream())
                    .filter(fact -> !(fact.answer().outcome() instanceof Outcome.Replayed))
                    .count();
            Judge.require(done == 1, () -> key + " was done " + done + " times");
        });
    }

    private void retryOr(Command command, Optional<String> once, int attempt) {
        if (once.isEmpty()) {
            pauseThenNext();
            return;
        }
        time.after(random.nextLong(1, 200 * MILLI), name + " retries", () -> {
            SimNode node = nodes.get(random.nextInt(nodes.size()));
            if (node.isUp()) {
                write(node, command, attempt + 1, once);
            } else {
                retryOr(command, once, attempt);
            }
        });
    }

    // -- reads ----------------------------------------------------------------------------------------------------

    private void read(SimNode node, Key key, boolean stale) {
        long began = progress.endedUpTo;
        long revisionMin = random.nextInt(4) == 0 ? revisionSeen : 0;
        String what = name + "." + operation + (stale ? " reads stale " : " reads ") + key;
        time.note(() -> what + " at " + node.name());
        ask(
                node,
                (core, question) -> core.read(stale, revisionMin, deadline(), new CoreHandle.ReadEnd() {
                    @Override
                    public void ready(Position position, MapView state, long ageMillis) {
                        question.end();
                        check(what, key, position, state, stale ? 0 : began, revisionMin);
                        if (stale) {
                            progress.staleReads++;
                        } else {
                            progress.reads++;
                            progress.endedUpTo = Math.max(
                                    progress.endedUpTo, position.applied().value());
                        }
                        pauseThenNext();
                    }

                    @Override
                    public void unavailable(Refusal why) {
                        question.end();
                        time.note(() -> what + ": " + why);
                        pauseThenNext();
                    }
                }),
                this::pauseThenNext);
    }

    private void check(String what, Key key, Position position, MapView state, long began, long revisionMin) {
        long index = position.applied().value();
        time.note(() -> what + ": as of " + index);
        Judge.require(index >= began, () -> what + ": state as of " + index + ", but " + began + " had ended before");
        Judge.require(
                position.revision() == judge.revisionAt(index),
                () -> what + ": revision " + position.revision() + " at " + index + ", not " + judge.revisionAt(index));
        Judge.require(position.revision() >= revisionMin, () -> what + ": below " + revisionMin);
        Optional<Version.Live> found = state.liveAt(Keyspace.KV, key, position.revision());
        Judge.require(
                found.equals(judge.valueAt(index, key)),
                () -> what + ": " + found + " as of " + index + ", not " + judge.valueAt(index, key));
        found.ifPresent(version -> revisionSeen = Math.max(revisionSeen, version.modRevision()));
    }

    // -- asking ---------------------------------------------------------------------------------------------------

    private long deadline() {
        long patience = random.nextInt(3) == 0 ? 80 * MILLI : 5_000 * MILLI;
        return time.nowNanos() + random.nextLong(5 * MILLI, patience);
    }

    /** A request under way at an incarnation of a node. */
    private final class Question {
        private final SimNode node;
        private final int incarnation;
        private boolean ended;

        Question(SimNode node) {
            this.node = node;
            this.incarnation = node.incarnation();
        }

        void end() {
            Judge.require(!ended, () -> name + "." + operation + " was answered twice");
            ended = true;
        }
    }

    /** Hands over to a node; if it crashes before it answered, nobody knows. */
    private void ask(SimNode node, BiConsumer<CoreHandle, Question> request, Runnable crashed) {
        Question question = new Question(node);
        node.now(node.core());
        request.accept(node.core(), question);
        watch(question, crashed);
    }

    private void watch(Question question, Runnable crashed) {
        if (question.ended) {
            return;
        }
        time.after(100 * MILLI, name + " watches", () -> {
            if (!question.ended && question.node.incarnation() != question.incarnation) {
                question.end();
                crashed.run();
            } else {
                watch(question, crashed);
            }
        });
    }
}
