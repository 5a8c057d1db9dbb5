package dev.parley.http.cli;

/** What the process ends with. */
final class ExitCode {
    static final int OK = 0;

    /** The command was understood and did not succeed, for instance because there is no such key. */
    static final int FAILED = 1;

    /** The command, a flag or the configuration is wrong; nothing was done. */
    static final int USAGE = 64;

    /** Nobody answers, or not now. */
    static final int UNAVAILABLE = 69;

    /** A fault of the program itself. */
    static final int INTERNAL = 70;

    private ExitCode() {}
}
