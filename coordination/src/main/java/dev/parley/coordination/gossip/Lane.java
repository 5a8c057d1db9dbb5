package dev.parley.coordination.gossip;

import java.util.Optional;

/** The two connections to a peer: what steers the cluster never waits behind what clients send through it. */
public enum Lane {
    CONTROL("control", 4_096, 4 << 20),
    DATA("data", 16_384, 16 << 20);

    /** Of one message, on either. */
    public static final int MESSAGE_BYTES_MAX = 2 << 20;

    private final String text;
    private final int messagesMax;
    private final int bytesMax;

    Lane(String text, int messagesMax, int bytesMax) {
        this.text = text;
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    public String text() {
        return text;
    }

    public static Optional<Lane> named(String text) {
        return switch (text) {
            case "control" -> Optional.of(CONTROL);
            case "data" -> Optional.of(DATA);
            default -> Optional.empty();
        };
    }

    /** How many messages may wait to be sent. */
    int messagesMax() {
        return messagesMax;
    }

    /** How much may wait to be sent; one message always may. */
    int bytesMax() {
        return bytesMax;
    }
}
