package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import java.util.regex.Pattern;

/** Names of locks, guards and whatever else has one segment of a path to itself. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private Names() {}

    /** @throws Problem when the raw segment is no name */
    static String ofPath(String raw) {
        String name = Percent.ofPath(raw).map(bytes -> Bytes.wrap(bytes).utf8()).orElse("");
        if (!NAME.matcher(name).matches()) {
            throw Problem.of(
                    ProblemType.MALFORMED_PATH,
                    "A name is 1 to 128 letters, digits, dots, dashes and underscores, and starts with a letter or digit.");
        }
        return name;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** @throws Problem when the parameter holds no name */
    static void requireName(String parameter, String text) {
        if (!NAME.matcher(text).matches()) {
            throw Problem.parameter(parameter, parameter + " must be a name.");
        }
    }

    /** @throws Problem when the field holds no name */
    static void requireNameField(String pointer, String text) {
        if (!NAME.matcher(text).matches()) {
            throw Problem.field(pointer, "This must be a name.");
        }
    }

    /** The raw segments that stand in the places of a template. */
    static String[] segments(String rest) {
        return rest.split("/", -1);
    }
}
