package dev.parley.coordination.group;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;
import java.util.List;

/** What nodes tell each other about the members that joined through them. */
sealed interface GroupMessage {
    int ENTRIES_MAX = 65_536;

    /** A part of everything at this version; the parts come in order, on one connection. */
    record Whole(long version, boolean first, boolean last, List<Entry> entries) implements GroupMessage {}

    /** What version {@code version} changed; an entry that is gone stands among {@code gone}. */
    record Change(long version, List<Entry> entries, List<Entry.Name> gone) implements GroupMessage {}

    /** Which version there is, for those who missed it. */
    record Newest(long version) implements GroupMessage {}

    /** Somebody missed something: everything, please. */
    record Ask() implements GroupMessage {}

    record Broadcast(String group, Bytes data) implements GroupMessage {}

    default Bytes encode() {
        BinaryWriter out = new BinaryWriter(256);
        switch (this) {
            case Whole(long version, boolean first, boolean last, List<Entry> entries) -> {
                out.u8(1).i64(version).flag(first).flag(last).i32(entries.size());
                entries.forEach(entry -> entry.writeTo(out));
            }
            case Change(long version, List<Entry> entries, List<Entry.Name> gone) -> {
                out.u8(2).i64(version).i32(entries.size());
                entries.forEach(entry -> entry.writeTo(out));
                out.i32(gone.size());
                gone.forEach(name -> out.text(name.group()).text(name.member()));
            }
            case Newest(long version) -> out.u8(3).i64(version);
            case Ask() -> out.u8(4);
            case Broadcast(String group, Bytes data) -> out.u8(5).text(group).longBytes(data);
        }
        return out.toBytes();
    }

    /** @throws Malformed when it is none */
    static GroupMessage decode(Bytes content) {
        BinaryReader in = new BinaryReader(content);
        return switch (in.u8()) {
            case 1 -> new Whole(in.i64(), in.flag(), in.flag(), in.list(ENTRIES_MAX, () -> Entry.read(in)));
            case 2 ->
                new Change(
                        in.i64(),
                        in.list(ENTRIES_MAX, () -> Entry.read(in)),
                        in.list(ENTRIES_MAX, () -> new Entry.Name(in.text(), in.text())));
            case 3 -> new Newest(in.i64());
            case 4 -> new Ask();
            case 5 -> new Broadcast(in.text(), in.longBytes(content.size()));
            default -> throw new Malformed("no message about groups begins so");
        };
    }
}
