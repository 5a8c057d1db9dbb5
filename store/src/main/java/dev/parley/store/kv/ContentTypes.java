package dev.parley.store.kv;

import java.util.List;

/** Short codes of usual content types. The order is a disk format: append only, at most 255. */
final class ContentTypes {
    /** The type follows as text. */
    static final int SPELLED_OUT = 0;

    private static final List<String> CODED = List.of(
            "",
            "application/octet-stream",
            "application/json",
            "text/plain",
            "text/plain; charset=utf-8",
            "text/plain;charset=UTF-8",
            "application/json; charset=utf-8",
            "application/x-www-form-urlencoded",
            "application/yaml",
            "text/html");

    private ContentTypes() {}

    static int codeOf(String type) {
        return CODED.indexOf(type) + 1;
    }

    static String ofCode(int code) {
        if (code > CODED.size()) {
            throw new Malformed("no content type has code " + code);
        }
        return CODED.get(code - 1);
    }
}
