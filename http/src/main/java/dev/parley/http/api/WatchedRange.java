package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import java.util.List;
import java.util.Optional;

/** What a watch is about, as the request named it: {@code key}, {@code prefix}, or {@code start} and/or {@code end}. */
record WatchedRange(KeyRange range, List<Named> named) {
    static final List<String> PARAMETERS = List.of("key", "prefix", "start", "end");
    static final List<String> CONFIG_PARAMETERS = List.of("path", "prefix");

    /** One parameter of the request. */
    record Named(String name, Bytes value) {}

    static WatchedRange of(Params params) {
        return of(params, PARAMETERS);
    }

    static WatchedRange ofConfig(Params params) {
        return of(params, CONFIG_PARAMETERS);
    }

    private static WatchedRange of(Params params, List<String> names) {
        List<Named> named = names.stream()
                .flatMap(name -> params.bound(name).map(value -> new Named(name, value)).stream())
                .toList();
        String one = names.getFirst();
        Optional<Bytes> key = params.bytes(one);
        if (named.isEmpty()) {
            throw Problem.parameter(one, "Say what to watch: one of " + String.join(", ", names) + ".");
        }
        if (key.isEmpty()) {
            return new WatchedRange(Ranges.of(params), named);
        }
        if (named.size() > 1) {
            throw Problem.parameter(one, "Give either " + one + " or a range.");
        }
        return ofKey(one, key.get(), named);
    }

    /** @param object has checked its fields */
    static WatchedRange of(JsonObject object) {
        List<Named> named = PARAMETERS.stream()
                .flatMap(name -> object.text(name).map(value -> new Named(name, Bytes.utf8(value))).stream())
                .toList();
        if (named.isEmpty()) {
            throw Problem.field(object.pointer(), "Say what to watch: key, prefix, or start and end.");
        }
        if (!object.has("key")) {
            return new WatchedRange(Ranges.of(object), named);
        }
        if (named.size() > 1) {
            throw Problem.field(object.pointer("key"), "Give either key, or prefix, or start and end.");
        }
        return ofKey(object.pointer("key"), named.getFirst().value(), named);
    }

    private static WatchedRange ofKey(String field, Bytes key, List<Named> named) {
        Optional<String> broken = Key.ruleBrokenBy(key);
        if (broken.isPresent()) {
            throw Problem.of(ProblemType.MALFORMED_KEY, field, "A key must be " + broken.get() + ".");
        }
        return new WatchedRange(KeyRange.single(new Key(key)), named);
    }

    void writeTo(JsonWriter json) {
        json.object();
        named.forEach(part -> json.name(part.name()).text(part.value().utf8()));
        json.end();
    }
}
