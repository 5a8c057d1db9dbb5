package dev.parley.store.kv;

import dev.parley.store.kv.ConfigCommand.DeleteSchema;
import dev.parley.store.kv.ConfigCommand.PutSchema;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Schemas of the configuration. What a schema says is for the members to judge; here it is bytes. */
final class SchemaCommands {
    private SchemaCommands() {}

    /** Refused when a value below the prefix is newer than those that were judged by the schema. */
    static Outcome put(BatchRun run, String author, PutSchema put) {
        if (put.judgedRevision() > 0 && isNewerThan(run, put)) {
            return new Outcome.Superseded("the configuration below " + put.prefix() + " changed since it was judged");
        }
        Optional<Live> former = run.map().liveAt(Keyspace.CONFIG_SCHEMA, put.prefix(), run.revision());
        if (former.isEmpty() && Schemas.all(run.map(), run.revision()).size() >= Limits.SCHEMAS_MAX) {
            return new Outcome.LimitReached("schemas", Limits.SCHEMAS_MAX);
        }
        run.map()
                .put(
                        Keyspace.CONFIG_SCHEMA,
                        put.prefix(),
                        new Live(
                                former.map(Live::createRevision).orElse(run.nextRevision()),
                                run.nextRevision(),
                                former.map(Live::version).orElse(0L) + 1,
                                LeaseId.NONE,
                                "application/json",
                                put.json()));
        changed(run, author, put.prefix());
        return new Outcome.SchemaStored(run.revision(), former.isEmpty());
    }

    private static boolean isNewerThan(BatchRun run, PutSchema put) {
        List<Key> newer = new ArrayList<>(1);
        run.map().scan(Keyspace.CONFIG, KeyRange.prefix(put.prefix().bytes()), run.revision(), false, (path, live) -> {
            if (live.modRevision() > put.judgedRevision()) {
                newer.add(path);
            }
            return newer.isEmpty();
        });
        return !newer.isEmpty();
    }

    static Outcome delete(BatchRun run, String author, DeleteSchema delete) {
        if (run.map()
                .liveAt(Keyspace.CONFIG_SCHEMA, delete.prefix(), run.revision())
                .isEmpty()) {
            return new Outcome.SchemaUnknown(delete.prefix());
        }
        run.map().put(Keyspace.CONFIG_SCHEMA, delete.prefix(), new Version.Tombstone(run.nextRevision()));
        changed(run, author, delete.prefix());
        return new Outcome.Acknowledged();
    }

    private static void changed(BatchRun run, String author, Key prefix) {
        Cells.putNumber(run.map(), Cells.SCHEMA_REVISION, run.nextRevision());
        run.commit(author, List.of(new Change(Keyspace.CONFIG_SCHEMA, prefix)));
    }
}
