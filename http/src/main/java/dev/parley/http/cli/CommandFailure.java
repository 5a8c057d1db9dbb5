package dev.parley.http.cli;

/** A command that did not succeed. The message is one sentence for the person who typed it. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** One of {@link ExitCode}. */
    int exitCode() {
        return exitCode;
    }
}
