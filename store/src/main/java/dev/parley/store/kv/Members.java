package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The nodes that belong to the cluster, read from any view. */
public final class Members {
    private Members() {}

    /**
     * A registered node.
     *
     * @param store names its table directory
     * @param formatLevel highest level of entries it reads
     * @param durable everything up to this index is on its disk, as reported last; 0 when nothing was
     */
    public record Member(String node, UUID store, String url, int formatLevel, long durable) {
        Member withDurable(long index) {
            return new Member(node, store, url, formatLevel, index);
        }
    }

    /** In the order of their names. */
    public static List<Member> all(MapView view) {
        List<Member> members = new ArrayList<>();
        view.cells(Cells.MEMBERS, (name, content) -> members.add(decode(content)));
        return List.copyOf(members);
    }

    public static Optional<Member> find(MapView view, String node) {
        return view.cell(Cells.member(node)).map(Members::decode);
    }

    /** How many stores must hold an entry before it may be given up. */
    public static int storesToTrim(int registered) {
        return Math.max(registered / 2 + 1, Math.min(2, registered));
    }

    /** Highest index that enough stores hold; 0 when there is none. */
    public static long trimmable(MapView view) {
        List<Member> members = all(view);
        int needed = storesToTrim(members.size());
        return members.stream()
                .map(Member::durable)
                .sorted(java.util.Comparator.reverseOrder())
                .skip(needed - 1L)
                .findFirst()
                .orElse(0L);
    }

    static void put(StateMap map, Member member) {
        map.putCell(
                Cells.member(member.node()),
                new BinaryWriter(128)
                        .text(member.node())
                        .uuid(member.store())
                        .text(member.url())
                        .u8(member.formatLevel())
                        .i64(member.durable())
                        .toBytes());
    }

    static void remove(StateMap map, String node) {
        map.removeCell(Cells.member(node));
    }

    private static Member decode(Bytes content) {
        BinaryReader in = new BinaryReader(content);
        return new Member(in.text(), in.uuid(), in.text(), in.u8(), in.i64());
    }
}
