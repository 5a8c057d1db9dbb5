package dev.parley.http.api;

import dev.parley.store.kv.Key;
import dev.parley.store.kv.LeaseId;
import dev.parley.store.kv.Version;

/** How a key with its version is written in JSON. */
final class Items {
    private Items() {}

    static void write(JsonWriter json, Key key, Version.Live version, boolean withValue, boolean base64) {
        json.object();
        fields(json, key, version, withValue, base64);
        json.end();
    }

    /** The members of an item, into an object that has begun. */
    static void fields(JsonWriter json, Key key, Version.Live version, boolean withValue, boolean base64) {
        json.name("key").utf8(key.bytes().unsafeArray());
        content(json, version, withValue, base64);
    }

    /** As {@link #fields} but for the key. */
    static void content(JsonWriter json, Version.Live version, boolean withValue, boolean base64) {
        if (withValue) {
            value(json, version.value().unsafeArray(), base64);
        }
        json.name("content_type").text(version.contentType());
        json.name("create_revision").number(version.createRevision());
        json.name("mod_revision").number(version.modRevision());
        json.name("version").number(version.version());
        if (version.lease() != LeaseId.NONE) {
            json.name("lease").text(Long.toString(version.lease()));
        }
    }

    /** {@code value} when the bytes are well-formed UTF-8, otherwise {@code value_base64}. */
    static void value(JsonWriter json, byte[] value, boolean base64) {
        if (!base64 && Utf8.isWellFormed(value)) {
            json.name("value").utf8(value);
        } else {
            json.name("value_base64").base64(value);
        }
    }
}
