package dev.parley.http.api;

import dev.parley.store.kv.ConfigEntry;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Proposal;
import dev.parley.store.kv.Proposal.Vote;
import dev.parley.store.kv.Version;
import java.util.List;

/** How entries of the configuration and the votes on them are written. */
final class ConfigItems {
    private ConfigItems() {}

    /** The members of an item, into an object that has begun. */
    static void fields(JsonWriter json, Key path, Version.Live version, boolean withValue) {
        json.name("path").utf8(path.bytes().unsafeArray());
        if (withValue) {
            json.name("value").json(ConfigEntry.of(version).json().unsafeArray());
        }
        json.name("create_revision").number(version.createRevision());
        json.name("mod_revision").number(version.modRevision());
        json.name("version").number(version.version());
    }

    /** {@code "votes":{node:{vote, reason?}}}, into an object that has begun. */
    static void votes(JsonWriter json, List<Vote> votes) {
        json.name("votes").object();
        for (Vote vote : votes) {
            json.name(vote.node()).object();
            json.name("vote").text(vote.ack() ? "ack" : "nack");
            if (!vote.reason().isEmpty()) {
                json.name("reason").text(vote.reason());
            }
            json.end();
        }
        json.end();
    }

    static String id(Proposal proposal) {
        return Long.toString(proposal.id());
    }
}
