package dev.parley.store.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hashes of a tree. What is hashed begins with a byte that says what it is, so that no leaf can pass for an inner
 * node and no tree for another one of a different count. Confined to one thread at a time.
 *
 * <pre>
 *   leaf   SHA-256(00 content)
 *   inner  SHA-256(01 left right)
 *   root   SHA-256(02 count top), count in 8 bytes, big endian
 *   item   SHA-256(03 content), an element of a set, see {@link SetDigest}
 * </pre>
 */
public final class Hasher {
    private static final byte LEAF = 0;
    private static final byte INNER = 1;
    private static final byte ROOT = 2;
    private static final byte ITEM = 3;

    private final MessageDigest sha256;

    public Hasher() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }

    public Hash leaf(byte[] content) {
        sha256.update(LEAF);
        return digest(content);
    }

    /** Of an element that is {@code head} and then {@code tail}. */
    public Hash item(byte[] head, byte[] tail) {
        sha256.update(ITEM);
        sha256.update(head);
        return digest(tail);
    }

    Hash inner(Hash left, Hash right) {
        sha256.update(INNER);
        sha256.update(left.unsafeArray());
        return digest(right.unsafeArray());
    }

    Hash root(long count, Hash top) {
        sha256.update(ROOT);
        for (int shift = 56; shift >= 0; shift -= 8) {
            sha256.update((byte) (count >>> shift));
        }
        return digest(top.unsafeArray());
    }

    /** Top of the tree without leaves: the hash of nothing. */
    Hash nothing() {
        return Hash.wrap(sha256.digest());
    }

    private Hash digest(byte[] last) {
        return Hash.wrap(sha256.digest(last));
    }
}
