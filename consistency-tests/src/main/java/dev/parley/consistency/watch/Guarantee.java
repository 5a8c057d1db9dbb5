package dev.parley.consistency.watch;

import java.util.Locale;

/** What a watch promises. */
public enum Guarantee {
    FILTER("only events that match the request are delivered"),
    ORDERED("events come in the order of their revisions"),
    UNIQUE("no event comes twice"),
    ATOMIC("the events of one revision come together"),
    BOOKMARKABLE("a bookmark means that everything up to its revision was delivered"),
    RESUMABLE("a watch from a revision begins with the first event at or after it"),
    RELIABLE("no event between the first and the last one is left out"),
    PREV_KV("the previous value is the one before the event"),
    IS_CREATE("an event is a creation when the key did not exist before it");

    private final String promise;

    Guarantee(String promise) {
        this.promise = promise;
    }

    public String promise() {
        return promise;
    }

    /** The name without underscores, in lower case, for comparing with other spellings. */
    String plain() {
        return name().replace("_", "").toLowerCase(Locale.ROOT);
    }
}
