package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The nodes that are there, as agreed, read from any view. A registered node is a member for good, until it is removed; it
 * attends while its process runs, as far as ZooKeeper's sessions tell.
 */
public final class Attendants {
    private Attendants() {}

    /**
     * A node that attends.
     *
     * @param incarnation of its process
     * @param labels {@code key=value}
     * @param sinceMillis agreed time, for people
     * @param entered index of the entry that said so: names this stay, also of an incarnation that was gone and came back
     */
    public record Attendant(
            String node, UUID incarnation, String version, List<String> labels, long sinceMillis, long entered) {
        public Attendant {
            labels = List.copyOf(labels);
        }
    }

    /** In the order of their names. */
    public static List<Attendant> all(MapView view) {
        List<Attendant> attendants = new ArrayList<>();
        view.cells(Cells.ATTENDANTS, (name, content) -> attendants.add(decode(content)));
        return List.copyOf(attendants);
    }

    public static Optional<Attendant> find(MapView view, String node) {
        return view.cell(Cells.attendant(node)).map(Attendants::decode);
    }

    static void put(StateMap map, Attendant attendant) {
        BinaryWriter out = new BinaryWriter(128)
                .text(attendant.node())
                .uuid(attendant.incarnation())
                .text(attendant.version())
                .i64(attendant.sinceMillis())
                .i64(attendant.entered())
                .i32(attendant.labels().size());
        attendant.labels().forEach(out::text);
        map.putCell(Cells.attendant(attendant.node()), out.toBytes());
    }

    static void remove(StateMap map, String node) {
        map.removeCell(Cells.attendant(node));
    }

    private static Attendant decode(Bytes content) {
        BinaryReader in = new BinaryReader(content);
        String node = in.text();
        UUID incarnation = in.uuid();
        String version = in.text();
        long since = in.i64();
        long entered = in.i64();
        return new Attendant(node, incarnation, version, in.list(Limits.LABELS_MAX, in::text), since, entered);
    }
}
