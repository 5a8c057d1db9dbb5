package dev.parley.store.replica;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** One thread that waits for one answer. */
final class Call<T> {
    private final Thread caller = Thread.currentThread();
    private volatile Optional<T> answer = Optional.empty();

    /** Any thread. */
    void answer(T value) {
        answer = Optional.of(value);
        LockSupport.unpark(caller);
    }

    /** Waits, on the thread that made the call; empty when the time ran out or the thread was interrupted. */
    Optional<T> await(LongSupplier nanos, long deadlineNanos) {
        while (answer.isEmpty()) {
            long left = deadlineNanos - nanos.getAsLong();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return answer;
            }
            LockSupport.parkNanos(this, left);
        }
        return answer;
    }
}
