package dev.parley.http.api;

import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Lock.Claim;
import dev.parley.store.kv.Lock.Holder;
import dev.parley.store.kv.Lock.Waiter;
import dev.parley.store.kv.LockName;
import java.util.List;

/** How locks, semaphores and elections are written. */
final class LockJson {
    private LockJson() {}

    /** @param limit permits there are */
    static JsonWriter grant(LockName name, Holder holder, int limit) {
        JsonWriter json = new JsonWriter(256);
        json.object().name("name").text(name.name());
        fields(json, name.kind(), holder);
        if (name.kind() == LockName.Kind.SEMAPHORE) {
            json.name("limit").number(limit);
        }
        return json.end();
    }

    /** {@code "holders":[…],"waiting":[…]}, into an object that has begun. */
    static void queue(JsonWriter json, LockName.Kind kind, List<Holder> holders, List<Waiter> waiting) {
        json.name("holders").array();
        for (Holder holder : holders) {
            json.object();
            fields(json, kind, holder);
            json.end();
        }
        json.endArray();
        waiting(json, kind, waiting);
    }

    static void waiting(JsonWriter json, LockName.Kind kind, List<Waiter> waiting) {
        json.name("waiting").array();
        for (Waiter waiter : waiting) {
            json.object();
            who(json, kind, waiter.claim());
            share(json, kind, waiter.claim());
            json.end();
        }
        json.endArray();
    }

    static void fields(JsonWriter json, LockName.Kind kind, Holder holder) {
        who(json, kind, holder.claim());
        json.name("token").number(holder.token());
        json.name("lease").text(Long.toString(holder.claim().lease()));
        share(json, kind, holder.claim());
        if (kind == LockName.Kind.ELECTION) {
            Items.value(json, holder.value().unsafeArray(), false);
        }
    }

    private static void who(JsonWriter json, LockName.Kind kind, Claim claim) {
        json.name(kind == LockName.Kind.ELECTION ? "candidate" : "owner").text(claim.owner());
    }

    private static void share(JsonWriter json, LockName.Kind kind, Claim claim) {
        switch (kind) {
            case LOCK -> json.name("mode").text(claim.permits() == Limits.PERMITS_MAX ? "exclusive" : "shared");
            case SEMAPHORE -> json.name("permits").number(claim.permits());
            case ELECTION -> {}
        }
    }
}
