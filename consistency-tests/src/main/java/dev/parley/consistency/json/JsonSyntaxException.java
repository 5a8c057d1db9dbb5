package dev.parley.consistency.json;

/** The text is not one JSON value. The message says what was expected and at which character, counted from 1. */
public final class JsonSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JsonSyntaxException(String message) {
        super(message);
    }
}
