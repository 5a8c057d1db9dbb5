package dev.parley.http.node;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting that ends when the node stops. */
final class Pause {
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** @return false when the node stops; then nothing new should begin */
    boolean of(Duration time) {
        try {
            return !stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean isOver() {
        return stopping.getCount() == 0;
    }

    void end() {
        stopping.countDown();
    }
}
