package dev.parley.http.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.http.Nearest;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An object in the body of a request, and where it stands. Every method throws {@link Problem} when the client sent
 * something else; a field that nobody knows is refused, and so is one that comes twice.
 */
final class JsonObject {
    static final int BODY_BYTES_MAX = 8 << 20;

    private static final int DEPTH_MAX = 32;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(BODY_BYTES_MAX)
                    .build())
            .build();

    private static final ObjectReader READER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // or 1e400 would become no JSON at all
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .reader();

    private final String pointer;
    private final JsonNode node;

    private JsonObject(String pointer, JsonNode node) {
        this.pointer = pointer;
        this.node = node;
    }

    /** Reads the body of a request as the contract takes it. A malformed body wins over a type that is not taken. */
    static JsonObject of(Request request, Bytes content) {
        JsonObject body = parse(content);
        requireJsonType(request);
        return body;
    }

    static void requireJsonType(Request request) {
        switch (request.mediaType()) {
            case "", "application/json", KeyResource.CURLS_DEFAULT -> {}
            default ->
                throw Problem.of(ProblemType.UNSUPPORTED_TYPE, "Content-Type", "The body must be application/json.");
        }
    }

    /** A body that is any JSON value, without the spaces between its parts. */
    static Bytes compact(Request request, Bytes content) {
        JsonNode value = read(content.unsafeArray(), 0, content.size());
        requireJsonType(request);
        return Bytes.utf8(value.toString());
    }

    /** The field {@code data} of a body {@code {"data": …}}: any JSON value, without the spaces between its parts. */
    static Bytes data(Request request, int dataBytesMax) {
        JsonObject body = of(request, request.body(dataBytesMax + 64)).only(List.of("data"));
        JsonNode value = body.node.get("data");
        if (value == null) {
            throw body.missing("data");
        }
        return Bytes.utf8(value.toString());
    }

    static JsonObject parse(Bytes body) {
        return parse(body.unsafeArray(), 0, body.size());
    }

    static JsonObject parse(byte[] body, int start, int length) {
        JsonNode node = read(body, start, length);
        if (!node.isObject()) {
            throw Problem.of(ProblemType.MALFORMED_JSON, "The body must be a JSON object.");
        }
        return new JsonObject("", node);
    }

    private static JsonNode read(byte[] body, int start, int length) {
        try {
            JsonNode node = READER.readTree(body, start, length);
            if (node == null || node.isMissingNode()) {
                throw Problem.of(ProblemType.MALFORMED_JSON, "The body must be JSON.");
            }
            return node;
        } catch (JacksonException malformed) {
            throw Problem.of(ProblemType.MALFORMED_JSON, sentence(malformed.getOriginalMessage()));
        } catch (IOException malformed) {
            throw Problem.of(ProblemType.MALFORMED_JSON, "The body is not well-formed UTF-8.");
        }
    }

    private static String sentence(String message) {
        String line = message.lines().findFirst().orElse("malformed");
        return line.endsWith(".") ? line : line + ".";
    }

    String pointer() {
        return pointer;
    }

    String pointer(String field) {
        return pointer + "/" + field.replace("~", "~0").replace("/", "~1");
    }

    /** Refuses every field that is not known. */
    JsonObject only(Collection<String> known) {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw Problem.of(
                        ProblemType.UNKNOWN_FIELD,
                        pointer(name),
                        "There is no field " + name + " here"
                                + Nearest.to(name, known)
                                        .map(nearest -> "; did you mean " + nearest + "?")
                                        .orElseGet(() -> "; known are " + String.join(", ", known)));
            }
        });
        return this;
    }

    boolean has(String field) {
        return node.has(field);
    }

    /** The field's only name. */
    String singleField(Collection<String> known) {
        only(known);
        if (node.size() != 1) {
            throw Problem.field(pointer, "Exactly one of " + String.join(", ", known) + " must be given.");
        }
        return node.fieldNames().next();
    }

    Optional<String> text(String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isTextual() || !Utf8.isWellFormed(value.textValue())) {
            throw Problem.field(pointer(field), field + " must be a string of well-formed Unicode.");
        }
        return Optional.of(value.textValue());
    }

    String requiredText(String field) {
        return text(field).orElseThrow(() -> missing(field));
    }

    Problem missing(String field) {
        return Problem.field(pointer(field), field + " is missing.");
    }

    /** The value of a field as it is, whatever it is. */
    Optional<Bytes> json(String field) {
        return Optional.ofNullable(node.get(field)).map(value -> Bytes.utf8(value.toString()));
    }

    boolean isTrue(String field) {
        JsonNode value = node.get(field);
        if (value != null && !value.isBoolean()) {
            throw Problem.field(pointer(field), field + " must be true or false.");
        }
        return value != null && value.booleanValue();
    }

    /** @throws Problem when the bytes are not one well-formed JSON value, of any kind */
    static JsonNode any(Bytes json) {
        return read(json.unsafeArray(), 0, json.size());
    }

    /** A whole number of {@code min} to {@code max}. */
    Optional<Long> number(String field, long min, long max) {
        JsonNode value = node.get(field);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            throw Problem.field(pointer(field), field + " must be a whole number of " + min + " to " + max + ".");
        }
        return Optional.of(value.longValue());
    }

    boolean flag(String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw Problem.field(pointer(field), field + " must be true or false.");
        }
        return value.booleanValue();
    }

    boolean isObject(String field) {
        return node.has(field) && node.get(field).isObject();
    }

    boolean isText(String field) {
        return node.has(field) && node.get(field).isTextual();
    }

    /** An object as JSON text, whatever is in it. */
    Optional<String> objectText(String field) {
        return has(field) ? Optional.of(object(field).node.toString()) : Optional.empty();
    }

    JsonObject object(String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            throw missing(field);
        }
        return object(pointer(field), value);
    }

    private static JsonObject object(String pointer, JsonNode value) {
        if (!value.isObject()) {
            throw Problem.field(pointer, "This must be an object.");
        }
        return new JsonObject(pointer, value);
    }

    /** The objects of a list; none when the field is missing. */
    List<JsonObject> objects(String field, int countMax) {
        JsonNode list = node.get(field);
        if (list == null) {
            return List.of();
        }
        if (!list.isArray() || list.size() > countMax) {
            throw Problem.field(pointer(field), field + " must be a list of at most " + countMax + " objects.");
        }
        List<JsonObject> objects = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            objects.add(object(pointer(field) + "/" + i, list.get(i)));
        }
        return objects;
    }

    /** The bytes given as exactly one of {@code value} and {@code value_base64}. */
    Bytes value() {
        if (has("value") == has("value_base64")) {
            throw Problem.field(pointer, "Exactly one of value and value_base64 must be given.");
        }
        String field = has("value") ? "value" : "value_base64";
        Bytes value = has("value") ? Bytes.utf8(requiredText("value")) : base64(requiredText("value_base64"));
        if (value.size() > Limits.VALUE_BYTES_MAX) {
            throw Problem.of(
                    ProblemType.BODY_TOO_LARGE,
                    pointer(field),
                    "A value must have at most " + Limits.VALUE_BYTES_MAX + " bytes.");
        }
        return value;
    }

    private Bytes base64(String text) {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException malformed) {
            throw Problem.field(pointer("value_base64"), "value_base64 must be base64.");
        }
    }
}
