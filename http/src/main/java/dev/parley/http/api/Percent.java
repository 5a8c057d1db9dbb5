package dev.parley.http.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Percent-encoding, decoded once, into bytes: what the bytes mean is the caller's business. */
final class Percent {
    private static final int NO_DIGIT = -1;

    private Percent() {}

    /** The bytes of a piece of a path, where a plus is a plus; empty when an escape is broken. */
    static Optional<byte[]> ofPath(String raw) {
        return decode(raw, false);
    }

    /** The bytes of a name or value of a query, where a plus is a space; empty when an escape is broken. */
    static Optional<byte[]> ofQuery(String raw) {
        return decode(raw, true);
    }

    private static Optional<byte[]> decode(String raw, boolean form) {
        // A server that read malformed UTF-8 in the request line has replaced it by this character.
        if (raw.indexOf('\uFFFD') >= 0) {
            return Optional.empty();
        }
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        int size = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte unit = bytes[i];
            if (unit == '%') {
                int value = i + 2 < bytes.length ? digit(bytes[i + 1]) << 4 | digit(bytes[i + 2]) : NO_DIGIT;
                if (value < 0) {
                    return Optional.empty();
                }
                bytes[size++] = (byte) value;
                i += 2;
            } else {
                bytes[size++] = form && unit == '+' ? (byte) ' ' : unit;
            }
        }
        return Optional.of(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
    }

    private static int digit(byte unit) {
        return unit < 0 ? NO_DIGIT : Character.digit((char) unit, 16);
    }

    /** Encodes what may not stand in a path as it is. A slash stands. */
    static String encodePath(byte[] bytes) {
        StringBuilder path = new StringBuilder(bytes.length + 16);
        for (byte unit : bytes) {
            if (unit > 0 && (Character.isLetterOrDigit(unit) || "-._~!$&'()*+,;=:@/".indexOf(unit) >= 0)) {
                path.append((char) unit);
            } else {
                path.append('%')
                        .append(Character.toUpperCase(Character.forDigit(unit >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(unit & 15, 16)));
            }
        }
        return path.toString();
    }
}
