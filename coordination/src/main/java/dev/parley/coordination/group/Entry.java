package dev.parley.coordination.group;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;

/**
 * What one node says of one member.
 *
 * @param term of several nodes that speak of a member the highest term counts, then the greater node name: who takes a
 *     member over from another node takes the next term
 * @param left says that the member is gone, to who may still hold an entry of a lower term
 */
record Entry(Name name, Bytes data, long joinedAtMillis, long term, boolean left) {
    /** A member of a group. */
    record Name(String group, String member) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int byGroup = group.compareTo(other.group);
            return byGroup != 0 ? byGroup : member.compareTo(other.member);
        }
    }

    void writeTo(BinaryWriter out) {
        out.text(name.group())
                .text(name.member())
                .shortBytes(data.unsafeArray())
                .i64(joinedAtMillis)
                .i64(term)
                .flag(left);
    }

    static Entry read(BinaryReader in) {
        return new Entry(new Name(in.text(), in.text()), in.shortBytes(), in.i64(), in.i64(), in.flag());
    }

    /** What it costs to send it. */
    int bytes() {
        return 32 + 3 * (name.group().length() + name.member().length()) + data.size();
    }
}
