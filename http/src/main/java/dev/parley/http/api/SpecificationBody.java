package dev.parley.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.Kinds;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Reads the specification of a process. A field that nobody knows is malformed, as everywhere; every other fault is
 * collected, so that the client learns of all of them at once, before anything is agreed.
 */
final class SpecificationBody {
    static final List<String> FIELDS = List.of(
            "kind",
            "arguments",
            "restart",
            "restart_intensity",
            "redundancy",
            "placement",
            "hand_over",
            "start_timeout",
            "stop_timeout",
            "tags",
            "metadata");

    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern LABEL = Pattern.compile("[^=]{1,128}=[^=]{0,128}");
    private static final String EVERY_NODE = "every-node";
    private static final String RING = "consistent-hash";
    private static final Duration TIMEOUT_MAX = Duration.ofMillis(Limits.PROCESS_MILLIS_MAX);
    private static final int METADATA_CHARS_MAX = 1_024;

    private final JsonNode body;
    private final String pointer;
    private final Kinds kinds;
    private final List<Kind.Fault> faults = new ArrayList<>();

    private SpecificationBody(JsonNode body, String pointer, Kinds kinds) {
        this.body = body;
        this.pointer = pointer;
        this.kinds = kinds;
    }

    /**
     * @param pointer where the specification stands in the body
     * @param singleton whether it can only run once
     * @param more faults found already
     * @throws Problem 400 for a field that is not known, 422 with every other fault
     */
    static ProcessSpecification read(
            JsonObject known, JsonNode body, String pointer, Kinds kinds, boolean singleton, List<Kind.Fault> more) {
        requireKnown(known);
        var reader = new SpecificationBody(body, pointer, kinds);
        reader.faults.addAll(more);
        Optional<ProcessSpecification> specification = reader.read(singleton);
        if (!reader.faults.isEmpty()) {
            throw problem(reader.faults);
        }
        return specification.orElseThrow();
    }

    private static void requireKnown(JsonObject body) {
        if (body.isObject("restart_intensity")) {
            body.object("restart_intensity").only(List.of("restarts", "within"));
        }
        if (body.isObject("placement")) {
            body.object("placement").only(List.of("strategy", "labels"));
        }
    }

    static Problem problem(List<Kind.Fault> faults) {
        Kind.Fault first = faults.getFirst();
        return Problem.of(ProblemType.SPECIFICATION_FAULTY, first.field(), first.field() + " " + first.rule() + ".")
                .with(json -> {
                    json.name("errors").array();
                    faults.forEach(fault -> json.object()
                            .name("field")
                            .text(fault.field())
                            .name("rule")
                            .text(fault.rule())
                            .end());
                    json.endArray();
                });
    }

    private Optional<ProcessSpecification> read(boolean singleton) {
        String arguments = arguments();
        String kind = kind(arguments);
        RestartPolicy restart = restart();
        JsonNode intensity = part("restart_intensity");
        int restarts = whole(intensity, "restart_intensity/restarts", "restarts", 5, 0, Limits.RESTARTS_MAX);
        Duration within = duration(intensity, "restart_intensity/within", "within", Duration.ofSeconds(10));
        int instances = redundancy(singleton);
        List<String> labels = labels();
        boolean handOver = handOver(instances);
        Duration startTimeout = duration(body, "start_timeout", "start_timeout", Duration.ofSeconds(10));
        Duration stopTimeout = duration(body, "stop_timeout", "stop_timeout", Duration.ofSeconds(5));
        List<String> tags = texts(body.get("tags"), "tags", TAG, "a name", Limits.TAGS_MAX);
        Map<String, String> metadata = metadata();
        if (!faults.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ProcessSpecification(
                kind,
                arguments,
                restart,
                restarts,
                within.toMillis(),
                instances,
                labels,
                handOver,
                startTimeout.toMillis(),
                stopTimeout.toMillis(),
                tags,
                metadata));
    }

    private void fault(String field, String rule) {
        faults.add(new Kind.Fault(pointer + "/" + field, rule));
    }

    // -- fields ---------------------------------------------------------------------------------------------------

    private String arguments() {
        JsonNode given = body.get("arguments");
        if (given == null) {
            return "{}";
        }
        if (!given.isObject()) {
            fault("arguments", "must be an object");
            return "{}";
        }
        String text = canonical(given).toString();
        if (text.length() > Limits.ARGUMENTS_BYTES_MAX / 3
                && dev.parley.store.kv.Bytes.utf8(text).size() > Limits.ARGUMENTS_BYTES_MAX) {
            fault("arguments", "must have at most " + Limits.ARGUMENTS_BYTES_MAX + " bytes");
        }
        return text;
    }

    /** With the fields of each object in order: in which they come says nothing. */
    private static JsonNode canonical(JsonNode value) {
        if (value.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode();
            value.forEach(each -> list.add(canonical(each)));
            return list;
        }
        if (!value.isObject()) {
            return value;
        }
        ObjectNode sorted = JsonNodeFactory.instance.objectNode();
        TreeSet<String> names = new TreeSet<>();
        value.fieldNames().forEachRemaining(names::add);
        names.forEach(name -> sorted.set(name, canonical(value.get(name))));
        return sorted;
    }

    private String kind(String arguments) {
        JsonNode given = body.get("kind");
        if (given == null || !given.isTextual()) {
            fault("kind", given == null ? "is missing" : "must be a string");
            return "";
        }
        Optional<Kind> kind = kinds.named(given.textValue());
        if (kind.isEmpty()) {
            fault("kind", "must be one of " + String.join(", ", kinds.names()));
        } else {
            kind.get().faults(arguments).forEach(each -> fault("arguments" + each.field(), each.rule()));
        }
        return given.textValue();
    }

    private RestartPolicy restart() {
        JsonNode given = body.get("restart");
        if (given == null) {
            return RestartPolicy.PERMANENT;
        }
        for (RestartPolicy each : RestartPolicy.values()) {
            if (given.isTextual() && given.textValue().equals(text(each))) {
                return each;
            }
        }
        fault("restart", "must be permanent, transient or temporary");
        return RestartPolicy.PERMANENT;
    }

    static String text(RestartPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }

    private JsonNode part(String field) {
        JsonNode given = body.get(field);
        if (given != null && !given.isObject()) {
            fault(field, "must be an object");
        }
        return given != null && given.isObject() ? given : JsonNodeFactory.instance.objectNode();
    }

    private int whole(JsonNode in, String at, String field, int usual, int min, int max) {
        JsonNode given = in.get(field);
        if (given == null) {
            return usual;
        }
        if (!given.isIntegralNumber() || !given.canConvertToInt() || given.intValue() < min || given.intValue() > max) {
            fault(at, "must be a whole number of " + min + " to " + max);
            return usual;
        }
        return given.intValue();
    }

    private Duration duration(JsonNode in, String at, String field, Duration usual) {
        JsonNode given = in.get(field);
        if (given == null) {
            return usual;
        }
        Optional<Duration> duration = given.isTextual() ? Durations.parse(given.textValue()) : Optional.empty();
        if (duration.filter(value -> !value.isZero() && value.compareTo(TIMEOUT_MAX) <= 0)
                .isEmpty()) {
            fault(at, "must be a duration of 1ms to " + Durations.format(TIMEOUT_MAX));
            return usual;
        }
        return duration.get();
    }

    private int redundancy(boolean singleton) {
        JsonNode given = body.get("redundancy");
        if (given == null) {
            return 1;
        }
        if (singleton && !(given.isIntegralNumber() && given.asInt() == 1)) {
            fault("redundancy", "must be 1 for a singleton");
            return 1;
        }
        if (given.isTextual() && given.textValue().equals(EVERY_NODE)) {
            return ProcessSpecification.EVERY_NODE;
        }
        if (!given.isIntegralNumber()
                || !given.canConvertToInt()
                || given.intValue() < 1
                || given.intValue() > Limits.MEMBERS_MAX) {
            fault("redundancy", "must be a whole number of 1 to " + Limits.MEMBERS_MAX + ", or " + EVERY_NODE);
            return 1;
        }
        return given.intValue();
    }

    private List<String> labels() {
        JsonNode placement = body.get("placement");
        if (placement != null && placement.isTextual()) {
            strategy(placement, "placement");
            return List.of();
        }
        JsonNode given = part("placement");
        strategy(given.get("strategy"), "placement/strategy");
        return texts(given.get("labels"), "placement/labels", LABEL, "key=value", Limits.LABELS_MAX);
    }

    private void strategy(JsonNode given, String at) {
        if (given != null && !(given.isTextual() && given.textValue().equals(RING))) {
            fault(at, "must be " + RING);
        }
    }

    private boolean handOver(int instances) {
        JsonNode given = body.get("hand_over");
        if (given != null && !given.isBoolean()) {
            fault("hand_over", "must be true or false");
        }
        boolean handOver = given != null && given.isBoolean() && given.booleanValue();
        if (handOver && instances != 1) {
            fault("hand_over", "must be false unless redundancy is 1");
        }
        return handOver;
    }

    private List<String> texts(JsonNode given, String at, Pattern pattern, String what, int max) {
        if (given == null) {
            return List.of();
        }
        boolean good = given.isArray()
                && given.size() <= max
                && StreamSupport.stream(given.spliterator(), false)
                        .allMatch(each -> each.isTextual()
                                && pattern.matcher(each.textValue()).matches()
                                && Utf8.isWellFormed(each.textValue()));
        if (!good) {
            fault(at, "must be a list of at most " + max + " strings, each " + what);
            return List.of();
        }
        return StreamSupport.stream(given.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    private Map<String, String> metadata() {
        JsonNode given = part("metadata");
        Map<String, String> metadata = new TreeMap<>();
        given.properties().forEach(each -> {
            String value = each.getValue().isTextual() ? each.getValue().textValue() : "";
            boolean good = each.getValue().isTextual()
                    && value.length() <= METADATA_CHARS_MAX
                    && each.getKey().length() <= METADATA_CHARS_MAX
                    && Utf8.isWellFormed(value)
                    && Utf8.isWellFormed(each.getKey());
            if (!good) {
                fault("metadata/" + each.getKey(), "must be a string of at most " + METADATA_CHARS_MAX + " characters");
            }
            metadata.put(each.getKey(), value);
        });
        if (metadata.size() > Limits.METADATA_MAX) {
            fault("metadata", "must have at most " + Limits.METADATA_MAX + " fields");
        }
        return metadata;
    }
}
