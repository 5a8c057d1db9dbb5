package dev.parley.store.replica;

import dev.parley.store.log.LogEvent;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What other threads hand to the owner. Requests are bounded: one more is refused. Events of the log are not refused,
 * because each must be seen; there are never more than what the owner has under way with the log, and hints, of which
 * many are one.
 */
final class Inbox {
    private final Queue<Consumer<ReplicaCore>> requests = new ConcurrentLinkedQueue<>();
    private final Queue<LogEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requestsWaiting = new AtomicInteger();
    private final int requestsMax;
    private volatile boolean hinted;
    private volatile boolean ownerSleeps;
    private volatile Thread owner = Thread.currentThread();

    Inbox(int requestsMax) {
        this.requestsMax = requestsMax;
    }

    /** Names the thread to wake. */
    void ownedBy(Thread thread) {
        owner = thread;
    }

    /** @return false when it is full: the request will not be seen */
    boolean offer(Consumer<ReplicaCore> request) {
        if (requestsWaiting.incrementAndGet() > requestsMax) {
            requestsWaiting.decrementAndGet();
            return false;
        }
        requests.add(request);
        wake();
        return true;
    }

    /** What must be seen even when requests are not taken any more. For what happens seldom. */
    void tell(Consumer<ReplicaCore> news) {
        requestsWaiting.incrementAndGet();
        requests.add(news);
        wake();
    }

    void offer(LogEvent event) {
        if (event instanceof LogEvent.Hint) {
            hinted = true;
        } else {
            events.add(event);
        }
        wake();
    }

    private void wake() {
        if (ownerSleeps) {
            ownerSleeps = false;
            LockSupport.unpark(owner);
        }
    }

    // -- for the owner --------------------------------------------------------------------------------------------

    /**
     * Gives what waits to the core, at most {@code requestsAtOnceMax} requests.
     *
     * @param tellTime run before each event, so that what an entry starts is not measured from before its arrival
     */
    void drainTo(ReplicaCore core, Runnable tellTime, int requestsAtOnceMax) {
        if (hinted) {
            hinted = false;
            core.onEvent(new LogEvent.Hint());
        }
        for (LogEvent event = events.poll(); event != null; event = events.poll()) {
            tellTime.run();
            core.onEvent(event);
        }
        tellTime.run();
        for (int i = 0; i < requestsAtOnceMax; i++) {
            Consumer<ReplicaCore> request = requests.poll();
            if (request == null) {
                return;
            }
            requestsWaiting.decrementAndGet();
            request.accept(core);
        }
    }

    /** Waits until there is something, at most so long. */
    void sleep(long nanos) {
        ownerSleeps = true;
        if (requests.isEmpty() && events.isEmpty() && !hinted) {
            LockSupport.parkNanos(this, nanos);
        }
        ownerSleeps = false;
    }
}
