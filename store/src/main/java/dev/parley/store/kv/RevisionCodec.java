package dev.parley.store.kv;

import dev.parley.store.kv.RevisionRecord.Change;
import java.util.List;

/**
 * A {@link RevisionRecord} as the tables keep it. The revision is not in the bytes: it is the table's own key.
 *
 * <pre>
 *   bytes  field
 *       8  agreed time, Unix milliseconds
 *     2+n  node
 *     2+n  author
 *       4  count of changes, then for each: 1 keyspace, 2+n key
 *       1  count of hashes of the seal, 32 for each
 *       1  1 when 32 bytes of digest follow
 * </pre>
 */
public final class RevisionCodec {
    /** With each key a lease of its own may end, which is a change too. */
    static final int CHANGES_MAX = 2 * Limits.KEYS_PER_COMMAND_MAX + 2;

    private RevisionCodec() {}

    public static Bytes encode(RevisionRecord record) {
        BinaryWriter out = new BinaryWriter(128 + 64 * record.changes().size())
                .i64(record.atMillis())
                .text(record.node())
                .text(record.author())
                .i32(record.changes().size());
        for (Change change : record.changes()) {
            out.u8(change.keyspace().code()).key(change.key());
        }
        record.seal().write(out);
        return out.toBytes();
    }

    /** @throws Malformed when these bytes are not an encoded record */
    public static RevisionRecord decode(long revision, Bytes encoded) {
        BinaryReader in = new BinaryReader(encoded);
        long atMillis = in.i64();
        String node = in.text();
        String author = in.text();
        List<Change> changes = in.list(CHANGES_MAX, () -> new Change(Keyspace.ofCode(in.u8()), in.key()));
        Seal seal = Seal.read(in);
        in.expectEnd();
        return new RevisionRecord(revision, atMillis, node, author, List.copyOf(changes), seal);
    }
}
