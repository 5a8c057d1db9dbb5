package dev.parley.coordination.process.host;

/** How a failure reads for people. */
final class Failures {
    private static final int CHARS_MAX = 500;

    private Failures() {}

    static String message(Throwable failure) {
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX) + "…";
    }
}
