package dev.parley.consistency.history;

/** The input is not a history. The message names the source and the line. */
public final class MalformedHistoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedHistoryException(String source, int line, String problem) {
        super(source + ":" + line + ": " + problem);
    }

    public MalformedHistoryException(String message) {
        super(message);
    }
}
