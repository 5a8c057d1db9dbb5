package dev.parley.http.api;

import java.time.Duration;
import java.util.Optional;

/** {@code Prefer}, RFC 7240, of which {@code wait} is known. */
final class Preferences {
    static final long WAIT_SECONDS_MAX = 300;

    private Preferences() {}

    static Optional<Duration> wait(Request request) {
        if (!request.hasHeader("Prefer")) {
            return Optional.empty();
        }
        for (String line : request.headerLines("Prefer")) {
            for (String preference : line.split(",")) {
                String text = preference.split(";", 2)[0].strip();
                int equals = text.indexOf('=');
                if (equals > 0 && text.substring(0, equals).strip().equalsIgnoreCase("wait")) {
                    return Optional.of(seconds(text.substring(equals + 1).strip()));
                }
            }
        }
        return Optional.empty();
    }

    private static Duration seconds(String text) {
        String digits = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
        return Numbers.parse(digits)
                .filter(seconds -> seconds <= WAIT_SECONDS_MAX)
                .map(Duration::ofSeconds)
                .orElseThrow(() -> Problem.header(
                        "Prefer",
                        "Prefer: wait= must be a whole number of seconds, at most " + WAIT_SECONDS_MAX + "."));
    }
}
