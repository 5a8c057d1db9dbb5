package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import java.util.Optional;

/** Reads keys and ids from paths. */
final class Keys {
    private Keys() {}

    /** @param raw the rest of the path, percent-encoded */
    static Key ofPath(String raw) {
        Bytes bytes = Percent.ofPath(raw)
                .map(Bytes::wrap)
                .orElseThrow(() -> Problem.of(
                        ProblemType.MALFORMED_KEY, "A percent sign must be followed by two hexadecimal digits."));
        Optional<String> broken = Key.ruleBrokenBy(bytes);
        if (broken.isPresent()) {
            throw Problem.of(ProblemType.MALFORMED_KEY, "A key must be " + broken.get() + ".");
        }
        return new Key(bytes);
    }

    /** @param pointer where the text stands in the body */
    static Key ofField(String pointer, String text) {
        Bytes bytes = Bytes.utf8(text);
        Optional<String> broken = Key.ruleBrokenBy(bytes);
        if (broken.isPresent()) {
            throw Problem.of(ProblemType.MALFORMED_KEY, pointer, "A key must be " + broken.get() + ".");
        }
        return new Key(bytes);
    }
}
