package dev.parley.store.chat;

/**
 * How much of a room is kept.
 *
 * @param countMax messages beyond it need not be kept
 * @param ageMillisMax nor need older ones
 * @param bytesMax what does not fit is given up in any case, whoever lacks it
 */
public record RoomRetention(long countMax, long ageMillisMax, long bytesMax) {
    public static final RoomRetention DEFAULT = new RoomRetention(200_000, 90L * 24 * 3_600_000, 64 << 20);

    /** So many messages are given up at once; the rest waits for the next time. */
    static final int STEP_MAX = 1_000;
}
