package dev.parley.store.kv;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The checks that commands make of their parts. Each throws {@link IllegalArgumentException} and says what is wrong. */
final class Bounds {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final int NODE_CHARS_MAX = 128;
    private static final int FORMAT_LEVEL_MAX = 255;

    private Bounds() {}

    static void text(String what, String text) {
        // At most three bytes of UTF-8 for a char: no need to encode short ones to know.
        if (text.length() > Limits.TEXT_BYTES_MAX / 3 && utf8Size(text) > Limits.TEXT_BYTES_MAX) {
            throw tooLong(what, Limits.TEXT_BYTES_MAX);
        }
    }

    static void node(String node) {
        if (node.isEmpty() || node.length() > NODE_CHARS_MAX) {
            throw new IllegalArgumentException("a node's name must have 1 to " + NODE_CHARS_MAX + " characters");
        }
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static void name(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("a name must match " + NAME);
        }
    }

    static void owner(String owner) {
        if (owner.isEmpty() || owner.length() > Limits.OWNER_CHARS_MAX || owner.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "an owner must have 1 to " + Limits.OWNER_CHARS_MAX + " characters and no U+0000");
        }
    }

    static void permits(int permits, int limit) {
        if (limit < 1 || limit > Limits.PERMITS_MAX || permits < 1 || permits > limit) {
            throw new IllegalArgumentException(
                    permits + " of " + limit + " permits are not within 1 to " + Limits.PERMITS_MAX);
        }
    }

    /** Different paths, at least one, and together no more than one value may be. */
    static void changes(List<ConfigChange> changes, Command.Precondition precondition) {
        long paths = changes.stream().map(ConfigChange::path).distinct().count();
        long bytes = changes.stream()
                .mapToLong(change -> change.json().map(Bytes::size).orElse(0))
                .sum();
        if (changes.isEmpty() || paths < changes.size() || bytes > Limits.VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    changes.size() + " changes of " + paths + " paths, " + bytes + " bytes, are no proposal");
        }
        if (changes.size() > 1 && !precondition.equals(Command.Precondition.NONE)) {
            throw new IllegalArgumentException("a precondition is about one path");
        }
    }

    static void size(String what, Bytes bytes, int sizeMax) {
        if (bytes.size() > sizeMax) {
            throw tooLong(what, sizeMax);
        }
    }

    static void value(Bytes value) {
        size("value", value, Limits.VALUE_BYTES_MAX);
    }

    static <T> List<T> list(String what, List<T> list, int countMax) {
        if (list.size() > countMax) {
            throw new IllegalArgumentException("at most " + countMax + " " + what + ", had " + list.size());
        }
        return List.copyOf(list);
    }

    static void ttl(Duration ttl) {
        if (ttl.compareTo(Limits.LEASE_TTL_MIN) < 0 || ttl.compareTo(Limits.LEASE_TTL_MAX) > 0) {
            throw new IllegalArgumentException(
                    "ttl must be " + Limits.LEASE_TTL_MIN + " to " + Limits.LEASE_TTL_MAX + ", was " + ttl);
        }
    }

    static void formatLevel(int level) {
        if (level < 1 || level > FORMAT_LEVEL_MAX) {
            throw new IllegalArgumentException("a format level must be 1 to " + FORMAT_LEVEL_MAX + ", was " + level);
        }
    }

    static void within(String what, long number, long min, long max) {
        if (number < min || number > max) {
            throw new IllegalArgumentException(what + " must be " + min + " to " + max + ", was " + number);
        }
    }

    static void notNegative(String what, long number) {
        if (number < 0) {
            throw new IllegalArgumentException(what + " must not be negative, was " + number);
        }
    }

    private static int utf8Size(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    private static IllegalArgumentException tooLong(String what, int sizeMax) {
        return new IllegalArgumentException(what + " must have at most " + sizeMax + " bytes");
    }
}
