package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.List;

/** The schemas of the configuration, read from any view. A schema holds for every path that starts with its prefix. */
public final class Schemas {
    private Schemas() {}

    /** @param revision at which it was put */
    public record Schema(Key prefix, Bytes json, long revision) {}

    /** The newest revision at which a schema was put or taken away; 0 when none ever was. */
    public static long revision(MapView view) {
        return Cells.number(view, Cells.SCHEMA_REVISION, 0);
    }

    /** All of them, in the order of their prefixes; at most {@link Limits#SCHEMAS_MAX}. */
    public static List<Schema> all(MapView view, long revision) {
        if (revision(view) == 0) {
            return List.of();
        }
        List<Schema> schemas = new ArrayList<>();
        view.scan(
                Keyspace.CONFIG_SCHEMA,
                KeyRange.ALL,
                revision,
                false,
                (prefix, live) -> schemas.add(new Schema(prefix, live.value(), live.modRevision())));
        return List.copyOf(schemas);
    }
}
