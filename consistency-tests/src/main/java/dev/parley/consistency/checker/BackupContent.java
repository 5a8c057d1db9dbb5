package dev.parley.consistency.checker;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What was found in an archive: {@code {archive, damage, revision, items, cluster}}, items as {@code [value, revision, version]} by key. */
final class BackupContent {

    /** A key in the archive. */
    record Item(Json value, long revision) {}

    private final Operation restored;
    private final Map<String, Json> items;
    private final Optional<Map<String, Json>> cluster;

    BackupContent(Operation restored) {
        this.restored = restored;
        this.items = items("items").orElse(Map.of());
        this.cluster = items("cluster");
    }

    private Optional<Map<String, Json>> items(String name) {
        return member(restored.output(), name) instanceof Json.Obj(Map<String, Json> all)
                ? Optional.of(all)
                : Optional.empty();
    }

    Json archive() {
        return member(restored.output(), "archive");
    }

    int line() {
        return restored.line();
    }

    /** What is wrong with the archive as such; empty when it is sound. */
    String damage() {
        return member(restored.output(), "damage") instanceof Json.Text(String what) ? what : "";
    }

    /** Of the store that was made of it. */
    long revision() {
        return whole(restored.output(), "revision");
    }

    Optional<Item> item(String key) {
        return Optional.ofNullable(items.get(key))
                .map(json -> json instanceof Json.Array(List<Json> parts)
                                && parts.size() > 1
                                && parts.get(1) instanceof Json.Int(long revision)
                        ? new Item(parts.getFirst(), revision)
                        : new Item(json, 0));
    }

    Collection<String> strangers(Collection<String> known) {
        TreeSet<String> strangers = new TreeSet<>(items.keySet());
        strangers.removeAll(known);
        return strangers;
    }

    /** The first key that is not as the cluster shows it at the backup's revision, if the cluster does. */
    Optional<String> difference() {
        return cluster.flatMap(theirs -> {
            TreeSet<String> keys = new TreeSet<>(items.keySet());
            keys.addAll(theirs.keySet());
            return keys.stream()
                    .filter(key -> !items.getOrDefault(key, Json.NULL).equals(theirs.getOrDefault(key, Json.NULL)))
                    .findFirst();
        });
    }

    String shown(String key) {
        return items.getOrDefault(key, Json.NULL).text();
    }

    String shownByCluster(String key) {
        return cluster.orElse(Map.of()).getOrDefault(key, Json.NULL).text();
    }

    static Json member(Json json, String name) {
        return json instanceof Json.Obj object ? object.get(name) : Json.NULL;
    }

    /** -1 when it is none. */
    static long whole(Json json, String name) {
        return member(json, name) instanceof Json.Int(long number) ? number : -1;
    }
}
