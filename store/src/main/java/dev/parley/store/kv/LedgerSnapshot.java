package dev.parley.store.kv;

import dev.parley.store.merkle.Frontier;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A whole ledger as one archive. Every byte is covered by the hash at the end, and the entries by the root as well.
 *
 * <pre>
 *     16  "parley-ledger 1" and a line feed
 *      8  count of entries
 *     32  root of the ledger's tree
 *         of each entry: 4 length, content as in {@link LedgerEntry}
 *     32  SHA-256 of everything before
 * </pre>
 */
public final class LedgerSnapshot {
    private static final byte[] MAGIC = "parley-ledger 1\n".getBytes(StandardCharsets.US_ASCII);

    private LedgerSnapshot() {}

    /** Makes an archive, part by part, in this order: head, each entry, end. Confined to one thread. */
    public static final class Encoder {
        private final MessageDigest digest = sha256();

        public Bytes head(long count, Hash root) {
            return covered(new BinaryWriter(64).raw(MAGIC).i64(count).raw(root.unsafeArray()));
        }

        public Bytes entry(LedgerEntry entry) {
            Bytes content = entry.content();
            return covered(new BinaryWriter(4 + content.size()).longBytes(content));
        }

        public Bytes end() {
            return Bytes.wrap(digest.digest());
        }

        private Bytes covered(BinaryWriter part) {
            Bytes bytes = part.toBytes();
            digest.update(bytes.unsafeArray());
            return bytes;
        }
    }

    /**
     * The entries, each of them verified.
     *
     * @throws Malformed when any byte is not as it was written, saying what is wrong
     */
    public static List<LedgerEntry> decode(Bytes archive) {
        int covered = archive.size() - Hash.BYTES;
        if (covered < MAGIC.length || !Arrays.equals(archive.unsafeArray(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new Malformed("it is no snapshot of a ledger");
        }
        MessageDigest digest = sha256();
        digest.update(archive.unsafeArray(), 0, covered);
        if (!Arrays.equals(digest.digest(), 0, Hash.BYTES, archive.unsafeArray(), covered, archive.size())) {
            throw new Malformed("its hash does not fit");
        }
        BinaryReader in = new BinaryReader(archive, MAGIC.length, covered);
        long count = in.i64();
        Hash root = Seal.hash(in);
        List<LedgerEntry> entries = new ArrayList<>();
        Hasher hasher = new Hasher();
        Frontier frontier = Frontier.EMPTY;
        long stamp = 0;
        while (entries.size() < count) {
            LedgerEntry entry = LedgerEntry.of(in.longBytes(Limits.LEDGER_ENTRY_BYTES_MAX));
            if (entry.sequence() != entries.size() + 1 || entry.stamp() <= stamp) {
                throw new Malformed("entry " + entry.sequence() + " is out of order");
            }
            stamp = entry.stamp();
            frontier = frontier.append(hasher, entry.hash(hasher)).frontier();
            entries.add(entry);
        }
        in.expectEnd();
        if (!frontier.root(hasher).equals(root)) {
            throw new Malformed("its root is not that of its entries");
        }
        return entries;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
