package dev.parley.http.node;

import dev.parley.coordination.control.EventLog;
import dev.parley.coordination.hook.HookDelivery;
import dev.parley.coordination.hook.Listeners;
import dev.parley.http.api.EventJson;
import dev.parley.store.replica.Replica;
import java.util.List;

/** Tells others of events: the listeners that are installed, and hooks. */
final class Telling implements AutoCloseable {
    private final Listeners listeners;
    private final HookDelivery hooks;
    private final HookClient client;

    private Telling(Listeners listeners, HookDelivery hooks, HookClient client) {
        this.listeners = listeners;
        this.hooks = hooks;
        this.client = client;
    }

    /** @param hosts that hooks may be sent to */
    static Telling start(Replica replica, EventLog events, List<String> hosts, Ambient ambient) {
        HookClient client = new HookClient();
        HookDelivery hooks = HookDelivery.start(new HookDelivery.Parts(
                replica, events, client::send, target -> target.isAmong(hosts), EventJson::of, ambient.nanos()));
        return new Telling(Listeners.start(events), hooks, client);
    }

    @Override
    public void close() {
        listeners.close();
        hooks.close();
        client.close();
    }
}
