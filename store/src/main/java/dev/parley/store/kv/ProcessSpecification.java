package dev.parley.store.kv;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to run: two that are equal are one and the same.
 *
 * @param kind names what runs it
 * @param argumentsJson a JSON object, in the one form that equal objects have
 * @param restartsMax restarts of an instance within {@code withinMillis}; one more, and it has failed
 * @param instances how many nodes run it at a time; {@link #EVERY_NODE} for all there are
 * @param labels {@code key=value} that a node must have to run it; in order, each once
 * @param handOver whether what an instance gives at its stop is given to the next
 * @param tags to find it by; in order, each once
 * @param metadata free text by name
 */
public record ProcessSpecification(
        String kind,
        String argumentsJson,
        RestartPolicy restart,
        int restartsMax,
        long withinMillis,
        int instances,
        List<String> labels,
        boolean handOver,
        long startTimeoutMillis,
        long stopTimeoutMillis,
        List<String> tags,
        Map<String, String> metadata) {
    /** As a number of instances. */
    public static final int EVERY_NODE = 0;

    public ProcessSpecification {
        Bounds.text("kind", kind);
        Bounds.size("arguments", Bytes.utf8(argumentsJson), Limits.ARGUMENTS_BYTES_MAX);
        Bounds.within("restarts", restartsMax, 0, Limits.RESTARTS_MAX);
        Bounds.within("within", withinMillis, 1, Limits.PROCESS_MILLIS_MAX);
        Bounds.within("redundancy", instances, EVERY_NODE, Limits.MEMBERS_MAX);
        Bounds.within("start timeout", startTimeoutMillis, 1, Limits.PROCESS_MILLIS_MAX);
        Bounds.within("stop timeout", stopTimeoutMillis, 1, Limits.PROCESS_MILLIS_MAX);
        labels = Bounds.list("labels", labels, Limits.LABELS_MAX).stream()
                .sorted()
                .distinct()
                .toList();
        labels.forEach(label -> Bounds.text("label", label));
        tags = Bounds.list("tags", tags, Limits.TAGS_MAX).stream()
                .sorted()
                .distinct()
                .toList();
        tags.forEach(tag -> Bounds.text("tag", tag));
        Bounds.within("metadata", metadata.size(), 0, Limits.METADATA_MAX);
        SortedMap<String, String> sorted = new TreeMap<>(metadata);
        sorted.forEach((name, value) -> {
            Bounds.text("metadata", name);
            Bounds.text("metadata", value);
        });
        metadata = java.util.Collections.unmodifiableSortedMap(sorted);
    }

    public boolean isSingleton() {
        return instances == 1;
    }

    void writeTo(BinaryWriter out) {
        out.text(kind).longBytes(Bytes.utf8(argumentsJson)).u8(restart.code());
        out.i32(restartsMax).i64(withinMillis).i32(instances);
        out.i32(labels.size());
        labels.forEach(out::text);
        out.flag(handOver).i64(startTimeoutMillis).i64(stopTimeoutMillis);
        out.i32(tags.size());
        tags.forEach(out::text);
        out.i32(metadata.size());
        metadata.forEach((name, value) -> out.text(name).text(value));
    }

    static ProcessSpecification read(BinaryReader in) {
        return new ProcessSpecification(
                in.text(),
                in.longBytes(Limits.ARGUMENTS_BYTES_MAX).utf8(),
                RestartPolicy.of(in.u8()),
                in.i32(),
                in.i64(),
                in.i32(),
                in.list(Limits.LABELS_MAX, in::text),
                in.flag(),
                in.i64(),
                in.i64(),
                in.list(Limits.TAGS_MAX, in::text),
                readMetadata(in));
    }

    private static Map<String, String> readMetadata(BinaryReader in) {
        Map<String, String> metadata = new TreeMap<>();
        in.list(Limits.METADATA_MAX, () -> metadata.put(in.text(), in.text()) == null);
        return metadata;
    }
}
