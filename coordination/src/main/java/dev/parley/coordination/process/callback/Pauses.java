package dev.parley.coordination.process.callback;

import java.time.Duration;

/** Waiting that can be cut short. */
final class Pauses {
    private Pauses() {}

    /** @return false when the thread was interrupted, before or meanwhile */
    static boolean pause(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
