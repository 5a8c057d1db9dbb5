package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import java.util.List;
import java.util.Optional;

/** What a watch is about, as the request named it: {@code key}, {@code prefix}, or {@code start} and/or {@code end}. */
record WatchedRange(KeyRange range, List<Named> named) {
    static final List<String> PARAMETERS = List.of("key", "prefix", "start", "end");

    /** One parameter of the request. */
    record Named(String name, Bytes value) {}

    static WatchedRange of(Params params) {
        List<Named> named = PARAMETERS.stream()
                .flatMap(name -> params.bound(name).map(value -> new Named(name, value)).stream())
                .toList();
        Optional<Bytes> key = params.bytes("key");
        if (named.isEmpty()) {
            throw Problem.parameter("key", "Say what to watch: key, prefix, or start and end.");
        }
        if (key.isEmpty()) {
            return new WatchedRange(Ranges.of(params), named);
        }
        if (named.size() > 1) {
            throw Problem.parameter("key", "Give either key, or prefix, or start and end.");
        }
        Optional<String> broken = Key.ruleBrokenBy(key.get());
        if (broken.isPresent()) {
            throw Problem.of(ProblemType.MALFORMED_KEY, "key", "A key must be " + broken.get() + ".");
        }
        return new WatchedRange(KeyRange.single(new Key(key.get())), named);
    }

    void writeTo(JsonWriter json) {
        json.object();
        named.forEach(part -> json.name(part.name()).text(part.value().utf8()));
        json.end();
    }
}
