package dev.parley.coordination.chat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/** A message that was posted here, and on whose disks it is. Any thread. */
final class Pending {
    private final Set<String> disks = new HashSet<>();

    synchronized void keptBy(String node) {
        disks.add(node);
        notifyAll();
    }

    /** Waits until it is on so many disks, or the time is over. @return on how many it is */
    synchronized int await(int wanted, Duration patience, LongSupplier nanos) {
        long end = nanos.getAsLong() + patience.toNanos();
        try {
            for (long left = patience.toNanos(); disks.size() < wanted && left > 0; left = end - nanos.getAsLong()) {
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return disks.size();
    }
}
