package dev.parley.http.api;

import dev.parley.http.Nearest;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The query of a request. A name that the resource does not know is refused, and so is one that comes twice: a misspelt
 * or doubled parameter must not silently weaken a request. Every method throws {@link Problem} for a malformed value.
 */
final class Params {
    static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(5);
    static final Duration TIMEOUT_MAX = Duration.ofSeconds(60);

    private static final Params NONE = new Params(Map.of());

    /** @param bare the name came without an equals sign */
    private record Value(Bytes bytes, boolean bare) {}

    private final Map<String, Value> values;

    private Params(Map<String, Value> values) {
        this.values = values;
    }

    /** @param rawQuery without the question mark; empty when there is none */
    static Params parse(String rawQuery, Collection<String> known) {
        if (rawQuery.isEmpty()) {
            return NONE;
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (String piece : rawQuery.split("&")) {
            if (!piece.isEmpty()) {
                add(values, piece, known);
            }
        }
        return new Params(values);
    }

    private static void add(Map<String, Value> values, String piece, Collection<String> known) {
        int equals = piece.indexOf('=');
        String rawName = equals < 0 ? piece : piece.substring(0, equals);
        String name = new String(decode(rawName, rawName), StandardCharsets.UTF_8);
        if (!known.contains(name)) {
            throw unknown(name, known);
        }
        Bytes value = Bytes.wrap(equals < 0 ? new byte[0] : decode(name, piece.substring(equals + 1)));
        if (values.put(name, new Value(value, equals < 0)) != null) {
            throw Problem.parameter(name, "The parameter " + name + " was given more than once.");
        }
    }

    private static byte[] decode(String name, String raw) {
        return Percent.ofQuery(raw)
                .orElseThrow(
                        () -> Problem.parameter(name, "A percent sign must be followed by two hexadecimal digits."));
    }

    private static Problem unknown(String name, Collection<String> known) {
        String hint = known.isEmpty()
                ? "; this request takes none"
                : Nearest.to(name, known)
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElseGet(() -> "; known are " + String.join(", ", new ArrayList<>(known)));
        return Problem.of(ProblemType.UNKNOWN_PARAMETER, name, "There is no parameter " + name + " here" + hint);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<Bytes> bytes(String name) {
        return Optional.ofNullable(values.get(name)).map(Value::bytes);
    }

    /** A bound of a range: any bytes, at most one more than a key can have. */
    Optional<Bytes> bound(String name) {
        Optional<Bytes> bound = bytes(name);
        if (bound.isPresent() && bound.get().size() > Key.SIZE_BYTES_MAX + 1) {
            throw Problem.parameter(name, name + " must have at most " + (Key.SIZE_BYTES_MAX + 1) + " bytes.");
        }
        return bound;
    }

    Optional<String> text(String name) {
        return bytes(name).map(Bytes::utf8);
    }

    boolean flag(String name) {
        Value value = values.get(name);
        if (value == null) {
            return false;
        }
        if (value.bare()) {
            return true;
        }
        return switch (value.bytes().utf8()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Problem.parameter(name, name + " must be true or false.");
        };
    }

    /** A whole number of {@code min} to {@code max}. */
    Optional<Long> number(String name, long min, long max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Long> number = Numbers.parse(text.get()).filter(value -> value >= min && value <= max);
        if (number.isEmpty()) {
            throw Problem.parameter(name, name + " must be a whole number of " + min + " to " + max + ".");
        }
        return number;
    }

    Optional<Duration> duration(String name, Duration min, Duration max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> duration =
                Durations.parse(text.get()).filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
        if (duration.isEmpty()) {
            throw Problem.parameter(
                    name,
                    name + " must be a whole number and a unit (ms, s, m or h), " + Durations.format(min) + " to "
                            + Durations.format(max) + ".");
        }
        return duration;
    }

    /** How long the request may wait. */
    Duration timeout() {
        if (values.isEmpty()) {
            return TIMEOUT_DEFAULT;
        }
        return duration("timeout", Duration.ZERO, TIMEOUT_MAX).orElse(TIMEOUT_DEFAULT);
    }

    /** The first of {@code names} that was given. */
    Optional<String> firstOf(List<String> names) {
        return names.stream().filter(this::has).findFirst();
    }
}
