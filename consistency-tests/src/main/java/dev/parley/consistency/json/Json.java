package dev.parley.consistency.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One immutable JSON value. Equality is equality of content: {@code 1}, {@code 1.0} and {@code 1e0} are the same number, and the order of an object's
 * members does not matter.
 */
public sealed interface Json {

    /** The JSON null. */
    Json NULL = new Null();

    record Null() implements Json {}

    record Bool(boolean value) implements Json {}

    /** A whole number that fits 64 bits. */
    record Int(long value) implements Json {}

    /** Any other number, without trailing zeros. */
    record Decimal(BigDecimal value) implements Json {}

    record Text(String value) implements Json {}

    record Array(List<Json> items) implements Json {
        public Array {
            items = List.copyOf(items);
        }
    }

    /** Members in the order they were written. */
    record Obj(Map<String, Json> members) implements Json {
        /** The member of that name, or {@link #NULL}. */
        public Json get(String name) {
            return members.getOrDefault(name, NULL);
        }

        public boolean has(String name) {
            return members.containsKey(name);
        }
    }

    static Json of(long value) {
        return new Int(value);
    }

    static Json of(String value) {
        return new Text(value);
    }

    static Json of(boolean value) {
        return new Bool(value);
    }

    static Json array(Json... items) {
        return new Array(List.of(items));
    }

    /** The number in its one canonical form. */
    static Json number(BigDecimal number) {
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        boolean whole = plain.scale() <= 0 && plain.precision() - plain.scale() <= 19;
        if (whole) {
            try {
                return new Int(plain.longValueExact());
            } catch (ArithmeticException beyond64Bits) {
                return new Decimal(plain);
            }
        }
        return new Decimal(plain);
    }

    default boolean isNull() {
        return this instanceof Null;
    }

    /** The JSON text, on one line. */
    default String text() {
        return switch (this) {
            case Null() -> "null";
            case Bool(boolean value) -> Boolean.toString(value);
            case Int(long value) -> Long.toString(value);
            case Decimal(BigDecimal value) -> value.toString();
            case Text(String value) -> quote(value);
            case Array(List<Json> items) -> items.stream().map(Json::text).collect(Collectors.joining(",", "[", "]"));
            case Obj(Map<String, Json> members) ->
                members.entrySet().stream()
                        .map(member ->
                                quote(member.getKey()) + ":" + member.getValue().text())
                        .collect(Collectors.joining(",", "{", "}"));
        };
    }

    private static String quote(String value) {
        StringBuilder out = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
