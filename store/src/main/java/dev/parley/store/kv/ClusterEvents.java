package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What happened to the cluster as a whole, in the one order of the log, read from any view. The newest {@link
 * Limits#CLUSTER_EVENTS_MAX} are kept. An event makes no revision.
 */
public final class ClusterEvents {
    private ClusterEvents() {}

    /**
     * One event, the same on every node.
     *
     * @param sequence from 1, dense
     * @param index of the entry that brought it about
     * @param node the one it is about, or that brought it about; empty for none
     * @param atMillis agreed time, for people
     * @param stamp Lamport stamp: above those of all earlier cluster events, and above what the node that proposed it
     *     had seen
     * @param revision newest revision when it happened
     * @param correlation what it has in common with the request or the event that caused it; empty when nothing
     */
    public record ClusterEvent(
            long sequence,
            long index,
            String name,
            String node,
            long atMillis,
            long stamp,
            long revision,
            String correlation,
            List<Field> data) {
        public ClusterEvent {
            data = List.copyOf(data);
        }
    }

    /** A name and a value, both for people and programs. */
    public record Field(String name, String value) {}

    /** Oldest first, from {@code sequence} on. */
    public static List<ClusterEvent> from(MapView view, long sequence) {
        List<ClusterEvent> events = new ArrayList<>();
        Ring ring = Ring.in(view);
        for (long at = Math.max(sequence, ring.first()); at < ring.next(); at++) {
            long each = at;
            find(view, each).ifPresent(events::add);
        }
        return List.copyOf(events);
    }

    /** The sequence that the next event gets. */
    public static long next(MapView view) {
        return Ring.in(view).next();
    }

    private static Optional<ClusterEvent> find(MapView view, long sequence) {
        return view.cell(Cells.event(sequence)).map(content -> decode(sequence, content));
    }

    /** Where the ring begins and ends, and the stamp given last. */
    private record Ring(long first, long next, long stamp) {
        static Ring in(MapView view) {
            return view.cell(Cells.EVENT_RING)
                    .map(content -> {
                        BinaryReader in = new BinaryReader(content);
                        return new Ring(in.i64(), in.i64(), in.i64());
                    })
                    .orElse(new Ring(1, 1, 0));
        }

        void writeTo(StateMap map) {
            map.putCell(
                    Cells.EVENT_RING,
                    new BinaryWriter(24).i64(first).i64(next).i64(stamp).toBytes());
        }
    }

    static void add(BatchRun run, String name, String node, AttendanceCommand.Origin origin, Field... data) {
        StateMap map = run.map();
        Ring ring = Ring.in(map);
        long stamp = Math.max(ring.stamp(), origin.stamp()) + 1;
        var event = new ClusterEvent(
                ring.next(),
                run.index(),
                name,
                node,
                run.atMillis(),
                stamp,
                run.revision(),
                origin.correlation(),
                List.of(data));
        map.putCell(Cells.event(event.sequence()), encode(event));
        long first = ring.first();
        if (event.sequence() - first >= Limits.CLUSTER_EVENTS_MAX) {
            map.removeCell(Cells.event(first));
            first++;
        }
        new Ring(first, event.sequence() + 1, stamp).writeTo(map);
    }

    private static Bytes encode(ClusterEvent event) {
        BinaryWriter out = new BinaryWriter(256)
                .i64(event.index())
                .text(event.name())
                .text(event.node())
                .i64(event.atMillis())
                .i64(event.stamp())
                .i64(event.revision())
                .text(event.correlation())
                .i32(event.data().size());
        event.data().forEach(field -> out.text(field.name()).text(field.value()));
        return out.toBytes();
    }

    private static ClusterEvent decode(long sequence, Bytes content) {
        BinaryReader in = new BinaryReader(content);
        return new ClusterEvent(
                sequence,
                in.i64(),
                in.text(),
                in.text(),
                in.i64(),
                in.i64(),
                in.i64(),
                in.text(),
                in.list(Limits.TEXT_BYTES_MAX, () -> new Field(in.text(), in.text())));
    }
}
