package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.KeyRange;
import java.util.List;
import java.util.Optional;

/** A range of keys as requests name it: {@code prefix}, or {@code start} and/or {@code end}. */
final class Ranges {
    static final List<String> PARAMETERS = List.of("prefix", "start", "end");

    private Ranges() {}

    /** Everything when none is given. */
    static KeyRange of(Params params) {
        Optional<Bytes> prefix = params.bound("prefix");
        Optional<Bytes> start = params.bound("start");
        Optional<Bytes> end = params.bound("end");
        if (prefix.isPresent() && (start.isPresent() || end.isPresent())) {
            throw Problem.parameter("prefix", "Give either prefix, or start and end.");
        }
        return prefix.map(KeyRange::prefix).orElseGet(() -> new KeyRange(start.orElse(Bytes.EMPTY), end));
    }

    /** The range for a delete, which never means everything by accident. */
    static KeyRange toDelete(Params params) {
        if (params.firstOf(PARAMETERS).isEmpty()) {
            throw Problem.parameter("prefix", "A range must be given: prefix, or start and end.");
        }
        KeyRange range = of(params);
        if (range.equals(KeyRange.ALL) && !params.flag("all")) {
            String field = params.has("prefix") ? "prefix" : "start";
            throw Problem.parameter(field, "This range is every key; say all=true if that is meant.");
        }
        return range;
    }

    /** @param object has checked its fields */
    static KeyRange of(JsonObject object) {
        Optional<Bytes> prefix = bound(object, "prefix");
        Optional<Bytes> start = bound(object, "start");
        Optional<Bytes> end = bound(object, "end");
        if (prefix.isPresent() == (start.isPresent() || end.isPresent())) {
            throw Problem.field(object.pointer(), "Give either prefix, or start and/or end.");
        }
        return prefix.map(KeyRange::prefix).orElseGet(() -> new KeyRange(start.orElse(Bytes.EMPTY), end));
    }

    private static Optional<Bytes> bound(JsonObject object, String field) {
        Optional<Bytes> bound = object.text(field).map(Bytes::utf8);
        if (bound.isPresent() && bound.get().size() > dev.parley.store.kv.Key.SIZE_BYTES_MAX + 1) {
            throw Problem.field(object.pointer(field), field + " is longer than a key can be.");
        }
        return bound;
    }

    /** Whether a key can be in both. */
    static boolean overlap(KeyRange left, KeyRange right) {
        return !left.isEmpty()
                && !right.isEmpty()
                && left.end().map(end -> right.start().compareTo(end) < 0).orElse(true)
                && right.end().map(end -> left.start().compareTo(end) < 0).orElse(true);
    }
}
