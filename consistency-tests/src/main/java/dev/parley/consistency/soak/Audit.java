package dev.parley.consistency.soak;

import dev.parley.consistency.client.Contents;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.soak.Ledger.Counted;
import dev.parley.consistency.soak.Ledger.Told;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Holds what nodes list against what writers were told. Writers may go on meanwhile. */
final class Audit {
    private static final int ATTEMPTS = 10;
    private static final long BETWEEN_ATTEMPTS_NANOS = 1_000_000_000L;

    private final List<NodeClient> nodes;
    private final Ledger ledger;

    Audit(List<NodeClient> nodes, Ledger ledger) {
        this.nodes = nodes;
        this.ledger = ledger;
    }

    /**
     * Looks at all keys below the prefix of those that are written once, and at all that are counted.
     *
     * @return whether every node answered, so that something was shown
     */
    boolean holds(String oncePrefix) {
        Map<String, Told> once = ledger.once(oncePrefix);
        Map<String, Counted> counted = ledger.counted(Writers.COUNTED);
        for (NodeClient node : nodes) {
            Optional<Contents> keys = read(node, "prefix=" + NodeClient.encode(oncePrefix));
            Optional<Contents> counts = read(node, "prefix=" + NodeClient.encode(Writers.COUNTED));
            if (keys.isEmpty() || counts.isEmpty()) {
                return false;
            }
            once(node.name(), once, oncePrefix, keys.get());
            counts(node.name(), counted, counts.get());
        }
        return equal("consistency=stale&prefix=" + NodeClient.encode(oncePrefix));
    }

    private static Optional<Contents> read(NodeClient node, String query) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Contents> contents = Contents.read(node, query);
            if (contents.isPresent()) {
                return contents;
            }
            LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
        }
        return Optional.empty();
    }

    private void once(String node, Map<String, Told> before, String prefix, Contents contents) {
        Map<String, Json.Obj> items = byKey(contents);
        before.forEach((key, told) -> {
            if (told instanceof Told.Acknowledged(long revision)) {
                Json.Obj item = items.get(key);
                if (item == null) {
                    ledger.accuse("Key " + key + ", acknowledged at revision " + revision + ", is missing in " + node
                            + " at revision " + contents.revision() + ".");
                } else if (number(item, "mod_revision") != revision) {
                    ledger.accuse("Key " + key + " was acknowledged at revision " + revision + ", and " + node
                            + " has it at " + number(item, "mod_revision") + ".");
                }
            }
        });
        Map<String, Told> now = ledger.once(prefix);
        items.forEach((key, item) -> {
            if (number(item, "version") != 1) {
                ledger.accuse("Key " + key + " was sent once, and " + node + " has it at version "
                        + number(item, "version") + ".");
            }
            if (!(item.get("value") instanceof Json.Text(String value)) || !Writers.isValueOf(key, value)) {
                ledger.accuse("Key " + key + " has a value in " + node + " that nobody wrote.");
            }
            if (!now.containsKey(key)) {
                ledger.accuse("Key " + key + " is in " + node + ", and nobody sent it.");
            } else if (now.get(key) instanceof Told.Refused) {
                ledger.accuse("Key " + key + " is in " + node + ", although its writer was told it was not applied.");
            }
        });
    }

    private void counts(String node, Map<String, Counted> before, Contents contents) {
        Map<String, Json.Obj> items = byKey(contents);
        Map<String, Counted> now = ledger.counted(Writers.COUNTED);
        before.forEach((key, counted) -> {
            long version = items.containsKey(key) ? number(items.get(key), "version") : 0;
            if (version < counted.acknowledged()) {
                ledger.accuse("Of " + key + " " + counted.acknowledged() + " writes were acknowledged, and " + node
                        + " has " + version + ".");
            }
            if (version > now.get(key).attempted()) {
                ledger.accuse("Of " + key + " " + now.get(key).attempted() + " writes were sent, and " + node + " has "
                        + version + ".");
            }
        });
    }

    /** All nodes hold the same at one revision. */
    private boolean equal(String query) {
        Optional<Contents> first = read(nodes.getFirst(), query);
        for (NodeClient node : nodes.subList(1, nodes.size())) {
            Optional<Contents> other = first.flatMap(contents ->
                    read(node, query + "&revision=" + contents.revision() + "&min_revision=" + contents.revision()));
            if (other.isEmpty()) {
                return false;
            }
            if (!other.get().digest().equals(first.get().digest())) {
                ledger.accuse("At revision " + first.get().revision() + " "
                        + nodes.getFirst().name() + " and " + node.name() + " differ: "
                        + first.get().difference(other.get()) + ".");
            }
        }
        return first.isPresent();
    }

    private static Map<String, Json.Obj> byKey(Contents contents) {
        Map<String, Json.Obj> items = new HashMap<>();
        for (Json item : contents.items()) {
            if (item instanceof Json.Obj object && object.get("key") instanceof Json.Text(String key)) {
                items.put(key, object);
            }
        }
        return items;
    }

    private static long number(Json.Obj item, String name) {
        return item.get(name) instanceof Json.Int(long number) ? number : -1;
    }
}
