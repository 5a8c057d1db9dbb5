package dev.parley.http.api;

/** What a client calls a watch on its connection; goes back as it came. */
sealed interface WatchId {
    int CHARS_MAX = 128;

    record Text(String text) implements WatchId {}

    record Number(long number) implements WatchId {}

    /** @throws Problem when there is none, or neither a string nor a whole number */
    static WatchId of(JsonObject body) {
        if (!body.has("id")) {
            throw body.missing("id");
        }
        if (body.isText("id")) {
            String text = body.requiredText("id");
            if (text.isEmpty() || text.length() > CHARS_MAX) {
                throw Problem.field(body.pointer("id"), "id must have 1 to " + CHARS_MAX + " characters.");
            }
            return new Text(text);
        }
        return new Number(body.number("id", -Numbers.MAX, Numbers.MAX).orElseThrow(() -> body.missing("id")));
    }

    default void writeTo(JsonWriter json) {
        switch (this) {
            case Text(String text) -> json.text(text);
            case Number(long number) -> json.number(number);
        }
    }
}
