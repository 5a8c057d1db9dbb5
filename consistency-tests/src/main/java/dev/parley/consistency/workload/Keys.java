package dev.parley.consistency.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Hands out keys so that a few are in use at any time and each gets a bounded number of operations: long histories of one key are costly to judge. */
final class Keys {
    private final String prefix;
    private final int inUse;
    private final int operationsPerKey;
    private final AtomicLong handedOut = new AtomicLong();

    Keys(String prefix, int inUse, int operationsPerKey) {
        this.prefix = prefix;
        this.inUse = inUse;
        this.operationsPerKey = operationsPerKey;
    }

    String next(Random random) {
        long generation = handedOut.getAndIncrement() / ((long) inUse * operationsPerKey);
        return name(generation * inUse + random.nextInt(inUse));
    }

    /** Every key that may have been handed out, the newest first, at most {@code limit}. */
    List<String> used(int limit) {
        long generations = handedOut.get() == 0 ? 0 : (handedOut.get() - 1) / ((long) inUse * operationsPerKey) + 1;
        List<String> names = new ArrayList<>();
        for (long i = generations * inUse - 1; i >= 0 && names.size() < limit; i--) {
            names.add(name(i));
        }
        return names;
    }

    private String name(long number) {
        return prefix + "/" + number;
    }
}
