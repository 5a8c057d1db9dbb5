package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The open writers. A node has at most one: a batch of an earlier incarnation, or of an earlier {@code open}, that
 * surfaces later is refused, because nobody waits for its answer any more and nobody could tell it from a new one. An
 * {@code open} that was sent twice therefore leaves the later one open. Any thread the view allows.
 */
public final class Writers {
    private Writers() {}

    /**
     * An open writer.
     *
     * @param id index of the entry that opened it
     * @param applied number of the last batch applied, 0 before the first
     */
    public record Writer(long id, String node, long applied) {}

    /** In the order they were opened. */
    public static List<Writer> all(MapView view) {
        List<Writer> writers = new ArrayList<>();
        view.cells(Cells.WRITERS, (name, content) -> writers.add(decode(Cells.numberOf(Cells.WRITERS, name), content)));
        return List.copyOf(writers);
    }

    /** Empty when it was closed or never opened. */
    public static Optional<Writer> find(MapView view, long id) {
        return view.cell(Cells.writer(id)).map(content -> decode(id, content));
    }

    static void open(StateMap map, long id, String node) {
        closeAllOf(map, node);
        List<Writer> open = all(map);
        if (open.size() >= Limits.WRITERS_MAX) {
            close(map, open.getFirst().id());
        }
        put(map, new Writer(id, node, 0));
        Cells.putNumber(map, Cells.openWriterOf(node), id);
    }

    static void applied(StateMap map, Writer writer, long number) {
        put(map, new Writer(writer.id(), writer.node(), number));
    }

    /** Nothing happens when it is closed already. */
    static void close(StateMap map, long id) {
        find(map, id).ifPresent(writer -> {
            map.removeCell(Cells.writer(id));
            map.removeCell(Cells.openWriterOf(writer.node()));
        });
    }

    static void closeAllOf(StateMap map, String node) {
        map.cell(Cells.openWriterOf(node)).ifPresent(id -> close(map, new BinaryReader(id).i64()));
    }

    private static void put(StateMap map, Writer writer) {
        map.putCell(
                Cells.writer(writer.id()),
                new BinaryWriter(32).i64(writer.applied()).text(writer.node()).toBytes());
    }

    private static Writer decode(long id, Bytes content) {
        BinaryReader in = new BinaryReader(content);
        long applied = in.i64();
        return new Writer(id, in.text(), applied);
    }
}
