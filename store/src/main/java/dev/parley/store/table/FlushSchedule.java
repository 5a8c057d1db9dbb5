package dev.parley.store.table;

import dev.parley.store.replica.StateStore.Position;

/** When a flush is due. Pure; time comes in with each question. */
final class FlushSchedule {
    private final TableConfig config;
    private Position frozenAt;
    private boolean waiting;
    private long waitingSinceNanos;

    /** @param frozenAt of the last flush */
    FlushSchedule(TableConfig config, Position frozenAt) {
        this.config = config;
        this.frozenAt = frozenAt;
    }

    boolean isDue(long nowNanos, Position position, MemTable active) {
        if (position.equals(frozenAt)) {
            return false;
        }
        if (!waiting) {
            waiting = true;
            waitingSinceNanos = nowNanos;
        }
        return active.heapBytes() >= config.flushBytes()
                || position.applied().value() - frozenAt.applied().value() >= config.flushLogEntries()
                || nowNanos - waitingSinceNanos >= config.flushInterval().toNanos();
    }

    void frozen(Position position) {
        frozenAt = position;
        waiting = false;
    }
}
