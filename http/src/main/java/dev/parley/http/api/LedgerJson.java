package dev.parley.http.api;

import dev.parley.store.kv.LedgerEntry;
import dev.parley.store.kv.Ledgers.Kept;
import dev.parley.store.kv.Outcome;
import dev.parley.store.merkle.Hash;
import java.util.HexFormat;

/** Entries of ledgers as the API writes them. */
final class LedgerJson {
    private LedgerJson() {}

    static Answer appended(Outcome.EntryAppended entry) {
        JsonWriter json = new JsonWriter(256);
        json.object().name("context").text(entry.ledger());
        json.name("sequence").number(entry.sequence()).name("stamp").number(entry.stamp());
        json.name("hash").text(HexFormat.of().formatHex(entry.hash().unsafeArray()));
        json.name("revision").number(entry.revision()).end();
        return Answer.json(201, json)
                .revision(entry.revision())
                .header("Location", "/v1/ledgers/" + entry.ledger() + "/entries/" + entry.sequence());
    }

    static void entry(JsonWriter json, Kept kept, boolean base64) {
        json.object();
        fields(json, kept, base64);
        json.end();
    }

    static void fields(JsonWriter json, Kept kept, boolean base64) {
        LedgerEntry entry = kept.entry();
        json.name("sequence").number(entry.sequence()).name("stamp").number(entry.stamp());
        json.name("key").utf8(entry.key().bytes().unsafeArray());
        byte[] value = entry.value().unsafeArray();
        if (base64 || !Utf8.isWellFormed(value)) {
            json.name("value_base64").base64(value);
        } else {
            json.name("value").utf8(value);
        }
        if (!entry.metadata().isEmpty()) {
            json.name("metadata").json(entry.metadata());
        }
        json.name("hash").text(kept.hash().hex()).name("revision").number(kept.revision());
        json.name("at").text(Times.format(entry.atMillis()));
        if (!entry.author().isEmpty()) {
            json.name("author").text(entry.author());
        }
    }

    static void path(JsonWriter json, Iterable<Hash> path) {
        json.name("path").array();
        path.forEach(hash -> json.text(hash.hex()));
        json.endArray();
    }
}
