package dev.parley.consistency.checker;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.model.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * The search of Wing and Gong with Lowe's memo, for one object. It walks the events in order, takes any operation whose turn it could be, and goes back when
 * the end of an operation comes up that was not taken.
 *
 * <p>Five rules, none of which changes the answer, keep it small: a read that fits is taken at once, for it changes nothing; of operations that do the same,
 * the one that must end first is taken first; an operation of unknown outcome is taken only when the next one depends on it, for otherwise it might as well
 * not have happened; a state from which no read can succeed is left at once when reads remain but nothing that could help them; and so is one that has outgrown
 * an operation which must still happen, such as a read of an earlier version.
 */
final class Search {
    private static final int STEPS_BETWEEN_LOOKS = 1024;
    private static final int REMEMBERED_STATES = 8;
    private static final int REMEMBERED_PATH = 200;

    /** How a search ended. */
    sealed interface Result {
        record Linearizable() implements Result {}

        /**
         * No order exists.
         *
         * @param misfit index of the operation whose end no order of the earlier ones allows
         * @param states the states those orders lead to, some of them
         * @param path the last operations of the longest order found, in that order
         */
        record Impossible(int misfit, List<Integer> states, List<Integer> path) implements Result {}

        record OutOfTime() implements Result {}
    }

    private final Spec spec;
    private final Memo memo;
    private final BooleanSupplier stop;
    private final Timeline line;
    private final long[] zobristHigh;
    private final long[] zobristLow;
    private final boolean[] taken;

    private final int[] stack;
    private final int[] stateBefore;
    private final boolean[] forced;
    private int depth;
    private int state;
    private long high;
    private long low;
    private int requiredLeft;
    private int readsLeft;
    private int blindLeft;
    private boolean doubtful;
    /** Of the operations that must still happen, how many have each of the ranks beyond which they fail. */
    private final TreeMap<Long, Integer> ranksLeft = new TreeMap<>();

    private int misfit = -1;
    private final Set<Integer> misfitStates = new LinkedHashSet<>();
    private List<Integer> misfitPath = List.of();

    Search(Spec spec, Memo memo, BooleanSupplier stop) {
        this.spec = spec;
        this.memo = memo;
        this.stop = stop;
        List<Operation> operations = spec.operations();
        int n = operations.size();
        this.line = new Timeline(operations);
        this.taken = new boolean[n];
        this.stack = new int[n];
        this.stateBefore = new int[n];
        this.forced = new boolean[n];
        SplittableRandom random = new SplittableRandom(0x5eed);
        this.zobristHigh = random.longs(n).toArray();
        this.zobristLow = random.longs(n).toArray();
        this.state = spec.initial();
        for (int i = 0; i < n; i++) {
            if (operations.get(i).ok()) {
                requiredLeft++;
                readsLeft += spec.reads(i) ? 1 : 0;
                countRank(i, 1);
            }
            blindLeft += spec.blind(i) && !spec.reads(i) ? 1 : 0;
        }
    }

    Result run() {
        memo.clear();
        int entry = line.first();
        for (long steps = 1; requiredLeft > 0; steps++) {
            if (steps % STEPS_BETWEEN_LOOKS == 0 && stop.getAsBoolean()) {
                return new Result.OutOfTime();
            }
            if (line.isCall(entry)) {
                int operation = line.operation(entry);
                entry = take(operation) ? line.first() : line.next(entry);
                continue;
            }
            blocked(entry);
            entry = goBack();
            if (entry == Timeline.END) {
                return new Result.Impossible(misfit, List.copyOf(misfitStates), misfitPath);
            }
        }
        return new Result.Linearizable();
    }

    private boolean take(int operation) {
        boolean optional = !spec.operations().get(operation).ok();
        if (doubtful && spec.blind(operation) || hasBetterTwin(operation, optional)) {
            return false;
        }
        int next = spec.step(state, operation);
        if (next == Spec.ILLEGAL || optional && next == state) {
            return false;
        }
        boolean read = spec.reads(operation);
        if (!read && !worthwhile(operation, next, optional)) {
            return false;
        }
        stack[depth] = operation;
        stateBefore[depth] = doubtful ? ~state : state;
        forced[depth] = read;
        depth++;
        count(operation, -1);
        state = next;
        doubtful = optional;
        return true;
    }

    /** Whether the place after this operation is new and not hopeless. */
    private boolean worthwhile(int operation, int next, boolean optional) {
        int blindAfter = blindLeft - (spec.blind(operation) ? 1 : 0);
        if (readsLeft > 0 && blindAfter == 0 && spec.sterile(next)) {
            return false;
        }
        if (isOutgrown(operation, spec.rank(next))) {
            return false;
        }
        long mixed = mix(2L * next + (optional ? 1 : 0));
        return memo.add(high ^ zobristHigh[operation] ^ mixed, low ^ zobristLow[operation] ^ mix(mixed));
    }

    /** Whether the rank is too high for an operation that must happen after the given one. */
    private boolean isOutgrown(int operation, long rank) {
        if (ranksLeft.isEmpty() || ranksLeft.firstKey() >= rank) {
            return false;
        }
        long own = spec.operations().get(operation).ok() ? spec.rankMax(operation) : Long.MAX_VALUE;
        long lowest = ranksLeft.firstKey();
        boolean onlyItself = lowest == own && ranksLeft.firstEntry().getValue() == 1;
        return !onlyItself || ranksLeft.size() > 1 && ranksLeft.higherKey(lowest) < rank;
    }

    private void countRank(int operation, int change) {
        long rank = spec.rankMax(operation);
        if (rank < Long.MAX_VALUE) {
            ranksLeft.merge(rank, change, (left, more) -> left + more == 0 ? null : left + more);
        }
    }

    private int goBack() {
        while (depth > 0) {
            depth--;
            int operation = stack[depth];
            count(operation, 1);
            doubtful = stateBefore[depth] < 0;
            state = doubtful ? ~stateBefore[depth] : stateBefore[depth];
            if (!forced[depth]) {
                return line.next(line.call(operation));
            }
        }
        return Timeline.END;
    }

    /** Takes the operation out of the line, or puts it back. */
    private void count(int operation, int change) {
        taken[operation] = change < 0;
        if (change < 0) {
            line.lift(operation);
        } else {
            line.restore(operation);
        }
        high ^= zobristHigh[operation];
        low ^= zobristLow[operation];
        boolean read = spec.reads(operation);
        if (spec.operations().get(operation).ok()) {
            requiredLeft += change;
            readsLeft += read ? change : 0;
            countRank(operation, change);
        }
        blindLeft += spec.blind(operation) && !read ? change : 0;
    }

    private boolean hasBetterTwin(int operation, boolean optional) {
        if (!line.hasTwins(spec, operation)) {
            return false;
        }
        int kind = spec.kind(operation);
        int end = line.end(operation);
        for (int entry = line.first(); line.isCall(entry); entry = line.next(entry)) {
            int other = line.operation(entry);
            if (other != operation && spec.kind(other) == kind) {
                boolean earlier =
                        line.end(other) < end || line.end(other) == end && line.call(other) < line.call(operation);
                if (earlier) {
                    return true;
                }
            }
        }
        return false;
    }

    private void blocked(int entry) {
        int operation = line.operation(entry);
        if (misfit >= 0 && line.end(operation) < line.end(misfit)) {
            return;
        }
        if (misfit != operation) {
            misfit = operation;
            misfitStates.clear();
            misfitPath = new ArrayList<>();
            for (int i = Math.max(0, depth - REMEMBERED_PATH); i < depth; i++) {
                misfitPath.add(stack[i]);
            }
        }
        if (misfitStates.size() < REMEMBERED_STATES) {
            misfitStates.add(state);
        }
    }

    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** The calls and ends that were not taken yet, as a linked list in the order of time. */
    private static final class Timeline {
        static final int END = -1;

        private final int[] next;
        private final int[] previous;
        private final int[] operationAt;
        private final int[] callAt;
        private final int[] endAt;
        private final int sentinel;
        private int[] kindSizes = new int[0];

        Timeline(List<Operation> operations) {
            int n = operations.size();
            long[] events = new long[2 * n];
            int count = 0;
            for (int i = 0; i < n; i++) {
                Operation operation = operations.get(i);
                events[count++] = sortable(operation.invoked(), i, false);
                if (operation.ok()) {
                    events[count++] = sortable(operation.completed(), i, true);
                }
            }
            Arrays.sort(events, 0, count);
            this.operationAt = new int[count];
            this.callAt = new int[n];
            this.endAt = new int[n];
            this.next = new int[count + 1];
            this.previous = new int[count + 1];
            this.sentinel = count;
            Arrays.fill(endAt, Integer.MAX_VALUE);
            for (int e = 0; e < count; e++) {
                int operation = (int) (events[e] & 0x7fffffff);
                operationAt[e] = operation;
                if ((events[e] & 1L << 31) == 0) {
                    callAt[operation] = e;
                } else {
                    endAt[operation] = e;
                }
            }
            for (int e = 0; e <= count; e++) {
                next[e] = e == count ? 0 : e + 1;
                previous[e] = e == 0 ? count : e - 1;
            }
        }

        /** Orders by time; of calls and ends at one time the calls come first, for intervals that touch are concurrent. */
        private static long sortable(int position, int operation, boolean end) {
            return ((long) (position + 1) << 32) | (end ? 1L << 31 : 0) | operation;
        }

        int first() {
            return next[sentinel];
        }

        int next(int entry) {
            return next[entry];
        }

        boolean isCall(int entry) {
            return callAt[operationAt[entry]] == entry;
        }

        int operation(int entry) {
            return operationAt[entry];
        }

        int call(int operation) {
            return callAt[operation];
        }

        int end(int operation) {
            return endAt[operation];
        }

        void lift(int operation) {
            unlink(callAt[operation]);
            if (endAt[operation] != Integer.MAX_VALUE) {
                unlink(endAt[operation]);
            }
        }

        void restore(int operation) {
            if (endAt[operation] != Integer.MAX_VALUE) {
                link(endAt[operation]);
            }
            link(callAt[operation]);
        }

        boolean hasTwins(Spec spec, int operation) {
            if (kindSizes.length == 0) {
                kindSizes = new int[callAt.length];
                for (int i = 0; i < callAt.length; i++) {
                    kindSizes[spec.kind(i)]++;
                }
            }
            return kindSizes[spec.kind(operation)] > 1;
        }

        private void unlink(int entry) {
            next[previous[entry]] = next[entry];
            previous[next[entry]] = previous[entry];
        }

        private void link(int entry) {
            next[previous[entry]] = entry;
            previous[next[entry]] = entry;
        }
    }
}
