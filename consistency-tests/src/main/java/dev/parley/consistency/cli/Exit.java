package dev.parley.consistency.cli;

import dev.parley.consistency.checker.Answer;

/** Exit codes. */
final class Exit {
    static final int VALID = 0;
    static final int INVALID = 1;
    static final int UNKNOWN = 2;
    /** Wrong usage, or input that cannot be read. */
    static final int USAGE = 64;
    /** A fault of the suite itself. */
    static final int FAULT = 70;

    private Exit() {}

    static int of(Answer answer) {
        return switch (answer) {
            case VALID -> VALID;
            case INVALID -> INVALID;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
