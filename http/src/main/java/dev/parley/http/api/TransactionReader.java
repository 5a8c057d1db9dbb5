package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.Comparison;
import dev.parley.store.kv.Command.Comparison.Field;
import dev.parley.store.kv.Command.Comparison.Relation;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Limits;
import java.util.ArrayList;
import java.util.List;

/** Reads a transaction from JSON. */
final class TransactionReader {
    static final List<String> PUT_FIELDS = List.of("key", "value", "value_base64", "content_type", "lease");

    private static final List<String> FIELDS = List.of("compare", "success", "failure");
    private static final List<String> OPERATIONS = List.of("put", "get", "delete", "range");
    private static final int RANGE_LIMIT_DEFAULT = 100;

    private TransactionReader() {}

    static Command.Transaction read(JsonObject body) {
        body.only(FIELDS);
        return new Command.Transaction(
                body.objects("compare", Limits.COMPARISONS_PER_TRANSACTION_MAX).stream()
                        .map(TransactionReader::comparison)
                        .toList(),
                operations(body, "success"),
                operations(body, "failure"));
    }

    private static Comparison comparison(JsonObject object) {
        String target = object.requiredText("target");
        List<String> targets = List.of("value", "version", "create_revision", "mod_revision");
        if (!targets.contains(target)) {
            throw Problem.field(object.pointer("target"), "target must be one of " + String.join(", ", targets) + ".");
        }
        object.only(
                target.equals("value")
                        ? List.of("key", "target", "op", "value", "value_base64")
                        : List.of("key", "target", "op", target));
        Key key = key(object);
        Relation relation = relation(object);
        return switch (target) {
            case "value" -> new Comparison.OfValue(key, relation, object.value());
            case "version" -> ofNumber(object, key, relation, target, Field.VERSION);
            case "create_revision" -> ofNumber(object, key, relation, target, Field.CREATE_REVISION);
            default -> ofNumber(object, key, relation, target, Field.MOD_REVISION);
        };
    }

    private static Comparison ofNumber(JsonObject object, Key key, Relation relation, String target, Field field) {
        long operand = object.number(target, 0, Numbers.MAX).orElseThrow(() -> object.missing(target));
        return new Comparison.OfNumber(key, field, relation, operand);
    }

    private static Relation relation(JsonObject object) {
        return switch (object.requiredText("op")) {
            case "=" -> Relation.EQUAL;
            case "!=" -> Relation.NOT_EQUAL;
            case "<" -> Relation.LESS;
            case ">" -> Relation.GREATER;
            default -> throw Problem.field(object.pointer("op"), "op must be one of =, !=, <, >.");
        };
    }

    private static List<Operation> operations(JsonObject body, String branch) {
        List<Operation> operations = new ArrayList<>();
        List<KeyRange> written = new ArrayList<>();
        for (JsonObject object : body.objects(branch, Limits.OPERATIONS_PER_TRANSACTION_MAX)) {
            Operation operation = operation(object);
            switch (operation) {
                case Operation.Put put -> claim(written, KeyRange.single(put.key()), object);
                case Operation.Delete delete -> claim(written, delete.range(), object);
                case Operation.Get get -> {}
                case Operation.Range range -> {}
            }
            operations.add(operation);
        }
        return operations;
    }

    private static void claim(List<KeyRange> written, KeyRange range, JsonObject object) {
        if (written.stream().anyMatch(other -> Ranges.overlap(other, range))) {
            throw Problem.field(object.pointer(), "A transaction may write a key only once.");
        }
        written.add(range);
    }

    private static Operation operation(JsonObject object) {
        String kind = object.singleField(OPERATIONS);
        JsonObject body = object.object(kind);
        return switch (kind) {
            case "put" -> put(body);
            case "get" -> new Operation.Get(key(body.only(List.of("key"))));
            case "delete" -> new Operation.Delete(toDelete(body.only(List.of("key", "prefix", "start", "end"))));
            default -> range(body.only(List.of("prefix", "start", "end", "limit")));
        };
    }

    private static Operation put(JsonObject body) {
        body.only(PUT_FIELDS);
        return new Operation.Put(key(body), value(body), contentType(body), lease(body));
    }

    private static KeyRange toDelete(JsonObject body) {
        if (!body.has("key")) {
            return Ranges.of(body);
        }
        if (body.has("prefix") || body.has("start") || body.has("end")) {
            throw Problem.field(body.pointer(), "Give either key, or prefix, or start and/or end.");
        }
        return KeyRange.single(key(body));
    }

    private static Operation range(JsonObject body) {
        int limit = body.number("limit", 1, Limits.RANGE_ITEMS_MAX)
                .map(Long::intValue)
                .orElse(RANGE_LIMIT_DEFAULT);
        boolean everything = !body.has("prefix") && !body.has("start") && !body.has("end");
        return new Operation.Range(everything ? KeyRange.ALL : Ranges.of(body), limit);
    }

    static Key key(JsonObject object) {
        return Keys.ofField(object.pointer("key"), object.requiredText("key"));
    }

    static Bytes value(JsonObject object) {
        return object.value();
    }

    static String contentType(JsonObject object) {
        String type = object.text("content_type").orElse(KeyResource.TYPE_WHEN_NONE);
        if (!KeyResource.isContentType(type)) {
            throw Problem.field(
                    object.pointer("content_type"),
                    "content_type must be 1 to " + KeyResource.CONTENT_TYPE_CHARS_MAX + " printable ASCII characters.");
        }
        return type;
    }

    static LeaseChoice lease(JsonObject object) {
        return object.text("lease")
                .<LeaseChoice>map(id -> {
                    if (id.isEmpty()) {
                        throw Problem.field(object.pointer("lease"), "A lease's id must not be empty.");
                    }
                    return new LeaseChoice.Existing(LeaseIds.idOf(id));
                })
                .orElseGet(LeaseChoice.None::new);
    }
}
