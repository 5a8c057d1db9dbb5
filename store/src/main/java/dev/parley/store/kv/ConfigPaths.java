package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Paths as they will stand after some changes: no entry can be below another, or there would be no tree of them. */
final class ConfigPaths {
    private final BatchRun run;
    private final Map<Key, Boolean> changed = new HashMap<>();

    ConfigPaths(BatchRun run, List<ConfigChange> changes) {
        this.run = run;
        changes.forEach(change -> changed.put(change.path(), change.json().isPresent()));
    }

    /** An entry above or below the path. */
    Optional<Key> inTheWayOf(Key path) {
        return above(path).stream().filter(this::exists).findFirst().or(() -> below(path));
    }

    private static List<Key> above(Key path) {
        List<Key> above = new ArrayList<>();
        byte[] bytes = path.bytes().unsafeArray();
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i] == '/') {
                above.add(new Key(Bytes.copyOf(bytes, 0, i)));
            }
        }
        return above;
    }

    private boolean exists(Key path) {
        Boolean put = changed.get(path);
        return put != null
                ? put
                : run.map().liveAt(Keyspace.CONFIG, path, run.revision()).isPresent();
    }

    private Optional<Key> below(Key path) {
        KeyRange range = KeyRange.prefix(Bytes.utf8(path + "/"));
        Optional<Key> put = changed.entrySet().stream()
                .filter(change -> change.getValue() && range.contains(change.getKey()))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst();
        if (put.isPresent()) {
            return put;
        }
        List<Key> found = new ArrayList<>(1);
        run.map().scan(Keyspace.CONFIG, range, run.revision(), false, (key, live) -> {
            if (!changed.containsKey(key)) {
                found.add(key);
            }
            return found.isEmpty();
        });
        return found.stream().findFirst();
    }
}
