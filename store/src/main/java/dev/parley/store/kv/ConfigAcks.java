package dev.parley.store.kv;

import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version.Live;
import dev.parley.store.kv.Version.Tombstone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who runs which revision of the configuration: the last report of each client about each path or prefix. A client that says
 * what it said before changes nothing, so it may repeat itself. There are {@link Limits#CONFIG_ACKS_MAX}; the one that is
 * the longest ago goes for a new one.
 */
final class ConfigAcks {
    private ConfigAcks() {}

    static Outcome report(BatchRun run, String author, ConfigCommand.ReportConfig report) {
        if (report.revision() > run.revision()) {
            return new Outcome.RevisionAhead(run.revision());
        }
        Key key = keyOf(report.client(), report.scope());
        Optional<Live> former = run.map().liveAt(Keyspace.CONFIG_ACK, key, run.revision());
        ConfigAck ack = new ConfigAck(
                report.client(),
                report.scope(),
                report.revision(),
                report.applied(),
                report.reason(),
                run.node(),
                run.atMillis());
        if (former.map(ConfigAck::of).filter(ack::saysTheSameAs).isPresent()) {
            return new Outcome.ConfigReported(former.get().modRevision(), false);
        }
        List<Change> changes = new ArrayList<>(List.of(new Change(Keyspace.CONFIG_ACK, key)));
        former.ifPresent(live -> run.map().removeCell(Cells.configAck(live.modRevision(), key)));
        if (former.isEmpty()) {
            makeRoom(run).ifPresent(forgotten -> changes.add(new Change(Keyspace.CONFIG_ACK, forgotten)));
        }
        put(run, key, former, ack);
        run.commit(author, changes);
        return new Outcome.ConfigReported(run.revision(), former.isEmpty());
    }

    private static void put(BatchRun run, Key key, Optional<Live> former, ConfigAck ack) {
        long revision = run.nextRevision();
        long created = former.map(Live::createRevision).orElse(revision);
        long version = former.map(Live::version).orElse(0L) + 1;
        run.map().put(Keyspace.CONFIG_ACK, key, new Live(created, revision, version, LeaseId.NONE, "", ack.encode()));
        run.map().putCell(Cells.configAck(revision, key), Bytes.EMPTY);
    }

    /** Counts one more. @return what was forgotten for it */
    private static Optional<Key> makeRoom(BatchRun run) {
        long count = Cells.number(run.map(), Cells.CONFIG_ACK_COUNT, 0);
        if (count < Limits.CONFIG_ACKS_MAX) {
            Cells.putNumber(run.map(), Cells.CONFIG_ACK_COUNT, count + 1);
            return Optional.empty();
        }
        List<Bytes> oldest = new ArrayList<>(1);
        run.map().cells(Cells.CONFIG_ACKS, (name, content) -> {
            oldest.add(name);
            return false;
        });
        Key forgotten = Cells.keyOfConfigAck(oldest.getFirst());
        run.map().removeCell(oldest.getFirst());
        run.map().put(Keyspace.CONFIG_ACK, forgotten, new Tombstone(run.nextRevision()));
        return Optional.of(forgotten);
    }

    /** A path may be as long as a key, so it stands here as its hash. */
    private static Key keyOf(String client, ConfigScope scope) {
        BinaryWriter out = new BinaryWriter(64);
        scope.writeTo(out);
        return Key.of(client + "/" + Cells.hash(out.toBytes()));
    }
}
