package dev.parley.http.api;

import java.util.Optional;

/** Numbers of the contract: below 2^53, so that every JSON reader gets them whole. */
final class Numbers {
    static final long MAX = (1L << 53) - 1;

    private static final int DIGITS_MAX = 16;

    private Numbers() {}

    /** A number in decimal digits, at most {@link #MAX}; empty when the text is none. Leading zeros are none of ours. */
    static Optional<Long> parse(String text) {
        int length = text.length();
        if (length == 0 || length > DIGITS_MAX || length > 1 && text.charAt(0) == '0') {
            return Optional.empty();
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return Optional.empty();
            }
            value = value * 10 + (digit - '0');
        }
        return value <= MAX ? Optional.of(value) : Optional.empty();
    }
}
