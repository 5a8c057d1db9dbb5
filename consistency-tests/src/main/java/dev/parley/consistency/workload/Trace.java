package dev.parley.consistency.workload;

import dev.parley.consistency.json.Json;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How a write that was never answered shows in the history of a key.
 *
 * @param key of the store
 * @param mine whether a version's value shows the write
 * @param evidence what such a version proves
 * @param base the revision of the key that the write demanded, 0 for none: without one it may still come at any time
 * @param done the completion, by the version that shows the write
 */
public record Trace(
        String key, Predicate<Json> mine, Evidence evidence, long base, Function<Version, Completion> done) {

    /** What a version proves whose value shows the write. */
    public enum Evidence {
        /** That it happened, as that version: no other write has its value. */
        WRITTEN,
        /** That it happened, then or earlier: later values keep what it brought, and nothing else brings it. */
        KEPT,
        /** Nothing: another write may have the same value. */
        AMBIGUOUS
    }

    /**
     * A version of a key.
     *
     * @param value null when it was deleted
     */
    public record Version(long revision, long version, Json value) {}

    /** Of a value that is written once and to this key only. */
    static Trace ofValue(String key, Json value, long base) {
        return new Trace(key, value::equals, Evidence.WRITTEN, base, version -> Completion.ok(value)
                .with("revision", Json.of(version.revision()))
                .with("version", Json.of(version.version())));
    }
}
