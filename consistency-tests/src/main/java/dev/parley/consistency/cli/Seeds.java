package dev.parley.consistency.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/** What is different each time. */
final class Seeds {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private Seeds() {}

    static long fresh() {
        return ThreadLocalRandom.current().nextLong(1, 1_000_000_000);
    }

    /** Now, for the name of a directory. */
    static String stamp() {
        return STAMP.format(Instant.now());
    }
}
