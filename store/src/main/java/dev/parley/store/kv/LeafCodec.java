package dev.parley.store.kv;

import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is hashed: part of the contract with clients that check proofs, so it never changes. Numbers are big endian.
 *
 * <pre>
 *   item, of a live version          leaf, of a revision
 *        1  keyspace                      8  revision
 *      2+n  key                           8  agreed time, Unix milliseconds
 *        8  create revision             2+n  node
 *        8  mod revision                2+n  author
 *        8  version                       4  count of changes, then for each:
 *        8  lease, 0 for none                  1 keyspace, 2+n key,
 *      2+n  content type                       01 and 32 bytes, the item's hash; or 02, it was deleted
 *     rest  value
 * </pre>
 */
public final class LeafCodec {
    private static final int PUT = 1;
    private static final int DELETE = 2;

    private LeafCodec() {}

    /** One change as a leaf has it. @param item absent when the key was deleted */
    public record LeafChange(int keyspace, Key key, Optional<Hash> item) {}

    /** What a leaf says. */
    public record Leaf(long revision, long atMillis, String node, String author, List<LeafChange> changes) {}

    /** The hash of what a version adds to the live state; empty for a tombstone. */
    public static Optional<Hash> item(Hasher hasher, Keyspace keyspace, Key key, Version version) {
        return switch (version) {
            case Version.Live live -> Optional.of(item(hasher, keyspace, key, live));
            case Version.Tombstone gone -> Optional.empty();
        };
    }

    /** The hash of what a version adds to the live state. */
    public static Hash item(Hasher hasher, Keyspace keyspace, Key key, Version.Live live) {
        Bytes head = new BinaryWriter(64 + key.bytes().size())
                .u8(keyspace.code())
                .key(key)
                .i64(live.createRevision())
                .i64(live.modRevision())
                .i64(live.version())
                .i64(live.lease())
                .text(live.contentType())
                .toBytes();
        return hasher.item(head.unsafeArray(), live.value().unsafeArray());
    }

    /** The content of the leaf of a revision. @param items of its changes */
    static Bytes encode(RevisionRecord record, Function<Change, Optional<Hash>> items) {
        BinaryWriter out = new BinaryWriter(64 + 96 * record.changes().size())
                .i64(record.revision())
                .i64(record.atMillis())
                .text(record.node())
                .text(record.author())
                .i32(record.changes().size());
        for (Change change : record.changes()) {
            out.u8(change.keyspace().code()).key(change.key());
            Optional<Hash> item = items.apply(change);
            out.u8(item.isPresent() ? PUT : DELETE);
            item.ifPresent(hash -> out.raw(hash.unsafeArray()));
        }
        return out.toBytes();
    }

    /** @throws Malformed when these bytes are no leaf */
    public static Leaf decode(Bytes content) {
        BinaryReader in = new BinaryReader(content);
        long revision = in.i64();
        long atMillis = in.i64();
        String node = in.text();
        String author = in.text();
        List<LeafChange> changes =
                in.list(RevisionCodec.CHANGES_MAX, () -> new LeafChange(in.u8(), in.key(), readItem(in)));
        in.expectEnd();
        return new Leaf(revision, atMillis, node, author, List.copyOf(changes));
    }

    private static Optional<Hash> readItem(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case PUT -> Optional.of(Seal.hash(in));
            case DELETE -> Optional.empty();
            default -> throw new Malformed("no change has kind " + kind);
        };
    }
}
