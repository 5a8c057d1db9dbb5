package dev.parley.store.kv;

import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;

/**
 * One entry of a ledger. It never changes. The name of its ledger is not in it: loaded into another one it has the same
 * hash.
 *
 * <pre>
 *   content, what is hashed:
 *      8  sequence
 *      8  stamp
 *      8  agreed time of the append, Unix milliseconds
 *    2+n  author
 *    2+n  key
 *    2+n  metadata, a JSON object as text; empty when there is none
 *   rest  value
 * </pre>
 *
 * @param sequence from 1, without a gap
 * @param stamp Lamport stamp: above that of every entry before it
 */
public record LedgerEntry(
        long sequence, long stamp, long atMillis, String author, Key key, String metadata, Bytes value) {
    /** Not below what a content has beside author, key, metadata and value. */
    static final int FRAME_BYTES = 32;

    public Bytes content() {
        return new BinaryWriter(
                        FRAME_BYTES + 3 * author.length() + key.bytes().size() + 3 * metadata.length() + value.size())
                .i64(sequence)
                .i64(stamp)
                .i64(atMillis)
                .text(author)
                .key(key)
                .text(metadata)
                .raw(value.unsafeArray())
                .toBytes();
    }

    /** @throws Malformed when these bytes are no entry within the bounds of one */
    public static LedgerEntry of(Bytes content) {
        BinaryReader in = new BinaryReader(content);
        LedgerEntry entry = new LedgerEntry(in.i64(), in.i64(), in.i64(), in.text(), in.key(), in.text(), in.rest());
        if (entry.sequence < 1
                || entry.stamp < entry.sequence
                || entry.stamp > Limits.STAMP_MAX
                || entry.value.size() > Limits.VALUE_BYTES_MAX
                || !entry.content().equals(content)) {
            throw new Malformed("these bytes are no entry");
        }
        return entry;
    }

    /** Of its content: the leaf in the ledger's tree. */
    public Hash hash(Hasher hasher) {
        return hasher.leaf(content().unsafeArray());
    }
}
