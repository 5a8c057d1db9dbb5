package dev.parley.store.table;

import dev.parley.store.replica.StateStore.Room;
import java.time.Duration;

/** Looks now and then how much room the disk has. Owner thread. */
final class RoomGauge {
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(500).toNanos();

    private final long reserveBytes;
    private Room room;
    private boolean looked;
    private long lookedNanos;

    RoomGauge(Disk disk, long reserveBytes) {
        this.reserveBytes = reserveBytes;
        this.room = look(disk);
    }

    Room room() {
        return room;
    }

    void look(Disk disk, long nowNanos) {
        if (!looked || nowNanos - lookedNanos >= LOOK_EVERY_NANOS) {
            looked = true;
            lookedNanos = nowNanos;
            room = look(disk);
        }
    }

    private Room look(Disk disk) {
        long free = disk.freeBytes();
        if (free >= reserveBytes) {
            return Room.ENOUGH;
        }
        return free >= reserveBytes / 2 ? Room.SHORT : Room.SPENT;
    }
}
