package dev.parley.http.node;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them: a whole number and a unit, never a bare number. */
public final class Units {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(B|KiB|MiB|GiB)");

    private Units() {}

    /** {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}; empty when it is not one, or above 100 years. */
    public static Optional<Duration> duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(parts.group(1));
        Duration duration =
                switch (parts.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                };
        return duration.toDays() > 36_500 ? Optional.empty() : Optional.of(duration);
    }

    /** {@code 512B}, {@code 64KiB}, {@code 64MiB}, {@code 1GiB}; empty when it is not one, or 2^53 and more. */
    public static Optional<Long> bytes(String text) {
        Matcher parts = SIZE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int shift =
                switch (parts.group(2)) {
                    case "B" -> 0;
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    default -> 30;
                };
        long count = Long.parseLong(parts.group(1));
        return count > (1L << 53) >> shift ? Optional.empty() : Optional.of(count << shift);
    }

    /** The shortest whole form: {@code 90s}, {@code 2m}. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** The largest unit that keeps it whole: {@code 64MiB}. */
    public static String formatBytes(long bytes) {
        int unit = bytes == 0 ? 0 : Math.min(3, Long.numberOfTrailingZeros(bytes) / 10);
        return (bytes >> (10 * unit)) + new String[] {"B", "KiB", "MiB", "GiB"}[unit];
    }
}
