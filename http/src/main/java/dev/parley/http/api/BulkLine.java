package dev.parley.http.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads one line of a bulk load. */
final class BulkLine {
    private static final LeaseChoice NO_LEASE = new LeaseChoice.None();

    private BulkLine() {}

    /** @throws Problem when the line is malformed */
    static Command read(byte[] bytes, int start, int length) {
        return common(bytes, start, length).orElseGet(() -> any(bytes, start, length));
    }

    /** Whatever a line may be, and what is wrong with it. */
    private static Command any(byte[] bytes, int start, int length) {
        JsonObject line = JsonObject.parse(bytes, start, length);
        String kind = line.singleField(List.of("put", "delete"));
        JsonObject body = line.object(kind);
        if (kind.equals("delete")) {
            return new Command.Delete(TransactionReader.key(body.only(List.of("key"))), Precondition.NONE);
        }
        body.only(TransactionReader.PUT_FIELDS);
        return new Command.Put(
                TransactionReader.key(body),
                body.value(),
                TransactionReader.contentType(body),
                TransactionReader.lease(body),
                Precondition.NONE);
    }

    /** The line nearly everybody sends, without a tree: a put of text. Empty for all others, good or bad. */
    private static Optional<Command> common(byte[] bytes, int start, int length) {
        try (JsonParser json = JsonObject.FACTORY.createParser(bytes, start, length)) {
            boolean put = json.nextToken() == JsonToken.START_OBJECT
                    && "put".equals(json.nextFieldName())
                    && json.nextToken() == JsonToken.START_OBJECT;
            if (!put) {
                return Optional.empty();
            }
            Optional<String> key = Optional.empty();
            Optional<String> value = Optional.empty();
            String contentType = KeyResource.TYPE_WHEN_NONE;
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                String text = json.nextTextValue();
                if (text == null) {
                    return Optional.empty();
                }
                switch (field) {
                    case "key" -> key = Optional.of(text);
                    case "value" -> value = Optional.of(text);
                    case "content_type" -> contentType = text;
                    default -> {
                        return Optional.empty();
                    }
                }
            }
            boolean ends = json.currentToken() == JsonToken.END_OBJECT
                    && json.nextToken() == JsonToken.END_OBJECT
                    && json.nextToken() == null;
            return ends && key.isPresent() && value.isPresent()
                    ? put(key.get(), value.get(), contentType)
                    : Optional.empty();
        } catch (IOException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<Command> put(String key, String value, String contentType) {
        if (!Utf8.isWellFormed(key) || !Utf8.isWellFormed(value) || !KeyResource.isContentType(contentType)) {
            return Optional.empty();
        }
        Bytes keyBytes = Bytes.utf8(key);
        Bytes valueBytes = Bytes.utf8(value);
        if (keyBytes.size() == 0
                || keyBytes.size() > Key.SIZE_BYTES_MAX
                || valueBytes.size() > Limits.VALUE_BYTES_MAX
                || key.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        return Optional.of(new Command.Put(new Key(keyBytes), valueBytes, contentType, NO_LEASE, Precondition.NONE));
    }
}
