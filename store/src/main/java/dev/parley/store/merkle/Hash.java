package dev.parley.store.merkle;

import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256. Immutable, equal by content. */
public final class Hash {
    public static final int BYTES = 32;

    private final byte[] content;

    private Hash(byte[] content) {
        this.content = content;
    }

    /** Takes ownership of {@code content}: the caller must not change it any more. */
    static Hash wrap(byte[] content) {
        if (content.length != BYTES) {
            throw new IllegalArgumentException("a hash has " + BYTES + " bytes, not " + content.length);
        }
        return new Hash(content);
    }

    /** A copy of the bytes from {@code offset} on. @throws IllegalArgumentException when there are fewer than 32 */
    public static Hash copyOf(byte[] source, int offset) {
        if (offset < 0 || source.length - offset < BYTES) {
            throw new IllegalArgumentException("no hash at " + offset + " of " + source.length + " bytes");
        }
        return new Hash(Arrays.copyOfRange(source, offset, offset + BYTES));
    }

    /** @param hex 64 hexadecimal digits. @throws IllegalArgumentException when it is anything else */
    public static Hash ofHex(String hex) {
        return wrap(HexFormat.of().parseHex(hex));
    }

    /** The array itself, for hashing and writing it without a copy. Must not be changed. */
    public byte[] unsafeArray() {
        return content;
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(content, hash.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return hex();
    }
}
