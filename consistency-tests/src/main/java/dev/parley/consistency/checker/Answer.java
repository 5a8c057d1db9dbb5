package dev.parley.consistency.checker;

import java.util.Locale;

/** What a check can say. */
public enum Answer {
    VALID,
    /** There is proof of a violation. */
    INVALID,
    /** Neither: time or memory ran out, or the history shows too little. Never to be counted as good. */
    UNKNOWN;

    /** The answer to two checks together. */
    public Answer and(Answer other) {
        if (this == INVALID || other == INVALID) {
            return INVALID;
        }
        return this == UNKNOWN ? this : other;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
