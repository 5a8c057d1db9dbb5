package dev.parley.coordination.process.kind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.coordination.process.Kind.Fault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the arguments of a specification and collects what is wrong with them. Ask for every field there may be, then for
 * the faults: a field nobody asked for is one. One thread.
 */
public final class Arguments {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode object;
    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> known = new LinkedHashSet<>();

    public Arguments(String json) {
        JsonNode read = MissingNode.getInstance();
        try {
            read = JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            // Said below.
        }
        object = read;
        if (!object.isObject()) {
            fault("", "must be a JSON object");
        }
    }

    /** A text of 1 to {@code charsMax} characters; empty, and a fault, when there is none. */
    public Optional<String> text(String field, int charsMax) {
        if (!has(field)) {
            fault("/" + field, "must be given");
            return Optional.empty();
        }
        return optionalText(field, charsMax);
    }

    /** As {@link #text}, but may be left out. */
    public Optional<String> optionalText(String field, int charsMax) {
        known.add(field);
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()
                || value.textValue().isEmpty()
                || value.textValue().length() > charsMax
                || value.textValue().chars().anyMatch(c -> c < ' ')) {
            fault("/" + field, "must be a text of 1 to " + charsMax + " characters without control characters");
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    /** One of the words; the first when it is left out. */
    public String word(String field, List<String> words) {
        known.add(field);
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            return words.getFirst();
        }
        if (!value.isTextual() || !words.contains(value.textValue())) {
            fault("/" + field, "must be one of " + String.join(", ", words));
            return words.getFirst();
        }
        return value.textValue();
    }

    /** A whole number from {@code min} to {@code max}; {@code fallback} when it is left out. */
    public long number(String field, long fallback, long min, long max) {
        known.add(field);
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            return fallback;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            fault("/" + field, "must be a whole number from " + min + " to " + max);
            return fallback;
        }
        return value.longValue();
    }

    /** Texts, numbers and truth values by name, as texts; none when it is left out. */
    public SortedMap<String, String> texts(String field) {
        known.add(field);
        SortedMap<String, String> texts = new TreeMap<>();
        JsonNode value = object.path(field);
        if (!value.isMissingNode() && !value.isObject()) {
            fault("/" + field, "must be an object");
        }
        value.properties().forEach(each -> {
            if (each.getValue().isValueNode() && !each.getValue().isNull()) {
                texts.put(each.getKey(), each.getValue().asText());
            } else {
                fault("/" + field + "/" + escaped(each.getKey()), "must be a text, a number or a truth value");
            }
        });
        return texts;
    }

    public boolean has(String field) {
        known.add(field);
        return object.has(field);
    }

    /** @param pointer into the arguments, as {@code /key} */
    public void fault(String pointer, String rule) {
        faults.add(new Fault(pointer, rule));
    }

    /** What was found so far, and the fields nobody asked for. */
    public List<Fault> faults() {
        List<Fault> all = new ArrayList<>(faults);
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                all.add(new Fault("/" + escaped(name), "is not known; there are " + String.join(", ", known)));
            }
        });
        return List.copyOf(all);
    }

    /** A name as a part of a JSON pointer. */
    public static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
