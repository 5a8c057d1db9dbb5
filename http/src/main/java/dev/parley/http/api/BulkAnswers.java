package dev.parley.http.api;

import dev.parley.store.kv.Outcome;
import dev.parley.store.replica.Replica.Result;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What became of the lines of one bulk load, between the reader of lines, the replica that answers in any order and the
 * writer that writes in order. One thread reads, one writes; answers come from any thread.
 *
 * <p>An answer that happened is a number, so that a client that reads nothing before it has sent everything costs eight
 * bytes a line.
 */
final class BulkAnswers {
    private static final int IN_FLIGHT_MAX = 4_096;
    private static final long IN_FLIGHT_BYTES_MAX = 4 << 20;
    private static final long UNWRITTEN_MAX = 4_000_000;
    private static final int PROBLEMS_MAX = 50_000;

    private static final long PENDING = 0;
    private static final long PROBLEM = -1;

    /** Lines in a row, and those that come after them. */
    private static final class Chunk {
        static final int LINES = 1_024;

        /** {@link #PENDING}, {@link #PROBLEM}, or the revision plus one. */
        final AtomicLongArray states = new AtomicLongArray(LINES);

        private volatile Chunk next;
    }

    private final Map<Long, Problem> problems = new ConcurrentHashMap<>();
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong inFlightBytes = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final Gate reader = new Gate();
    private final Gate writer = new Gate();
    private volatile boolean complete;
    private volatile boolean givenUp;
    private Chunk reading = new Chunk();
    private Chunk writing = reading;
    private long writingStart;

    // -- the reader -----------------------------------------------------------------------------------------------

    /** A line that was read. Lines count from 1. */
    final class Line {
        private final Chunk chunk;
        private final long number;
        private final int bytes;

        private Line(Chunk chunk, long number, int bytes) {
            this.chunk = chunk;
            this.number = number;
            this.bytes = bytes;
        }

        long number() {
            return number;
        }

        /** Called once, from any thread; returns at once. */
        void answer(Result result) {
            switch (result) {
                case Result.Decided(Outcome.Replayed(long at, Outcome first), long revision) -> decided(first, at);
                case Result.Decided(Outcome outcome, long revision) -> decided(outcome, revision);
                case Result.NotApplied(var why) -> refuse(Outcomes.refusal(why));
                case Result.Unknown unknown -> refuse(Outcomes.unknown());
            }
        }

        private void decided(Outcome outcome, long revision) {
            if (outcome instanceof Outcome.Refused refused) {
                refuse(Outcomes.problem(refused, revision, Outcomes.Asked.NOTHING));
            } else {
                settle(revision + 1);
            }
        }

        void refuse(Problem problem) {
            problems.put(number, problem);
            settle(PROBLEM);
        }

        private void settle(long state) {
            chunk.states.set((int) ((number - 1) % Chunk.LINES), state);
            inFlightBytes.addAndGet(-bytes);
            if (inFlight.decrementAndGet() <= IN_FLIGHT_MAX / 2) {
                reader.signal();
            }
            writer.signal();
        }
    }

    /** Waits for room, then begins the next line. */
    Line next(int bytes) {
        if (isFull()) {
            reader.await(() -> givenUp || hasRoom());
        }
        long number = read.get() + 1;
        if (number > 1 && (number - 1) % Chunk.LINES == 0) {
            Chunk next = new Chunk();
            reading.next = next;
            reading = next;
        }
        inFlight.incrementAndGet();
        inFlightBytes.addAndGet(bytes);
        read.set(number);
        return new Line(reading, number, bytes);
    }

    private boolean isFull() {
        return inFlight.get() >= IN_FLIGHT_MAX
                || inFlightBytes.get() >= IN_FLIGHT_BYTES_MAX
                || read.get() - written.get() >= UNWRITTEN_MAX
                || problems.size() >= PROBLEMS_MAX;
    }

    /** Far from full, so that the reader is not woken for every single line. */
    private boolean hasRoom() {
        return inFlight.get() <= IN_FLIGHT_MAX / 2
                && inFlightBytes.get() <= IN_FLIGHT_BYTES_MAX / 2
                && read.get() - written.get() < UNWRITTEN_MAX
                && problems.size() < PROBLEMS_MAX;
    }

    /** There are no more lines. */
    void complete() {
        complete = true;
        writer.signal();
    }

    /** Either side cannot go on; the other shall not wait for it. */
    void giveUp() {
        givenUp = true;
        reader.signal();
        writer.signal();
    }

    boolean isGivenUp() {
        return givenUp;
    }

    // -- the writer -----------------------------------------------------------------------------------------------

    /** Whether the next line's answer, or the end, is there. */
    boolean isNextSettled() {
        return written.get() < read.get() ? state() != PENDING : isAtEnd();
    }

    void awaitNext() {
        writer.await(() -> givenUp || isNextSettled());
    }

    /** Whether all is written. */
    boolean isAtEnd() {
        return complete && written.get() == read.get();
    }

    /** Of the next line, which was read. */
    private long state() {
        long index = written.get();
        if (index == writingStart + Chunk.LINES) {
            writing = writing.next;
            writingStart = index;
        }
        return writing.states.get((int) (index - writingStart));
    }

    /** The next line's answer. Only after {@link #isNextSettled}, and not at the end. */
    void take(Taker taker) {
        long state = state();
        long line = written.get() + 1;
        if (state == PROBLEM) {
            taker.problem(line, problems.remove(line));
        } else {
            taker.revision(line, state - 1);
        }
        written.set(line);
        if (line % (Chunk.LINES / 2) == 0) {
            reader.signal();
        }
    }

    interface Taker {
        void revision(long line, long revision);

        void problem(long line, Problem problem);
    }
}
