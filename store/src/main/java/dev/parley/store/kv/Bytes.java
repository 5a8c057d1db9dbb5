package dev.parley.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An immutable sequence of bytes that is a value: equal by content, ordered by unsigned bytes. */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** Takes ownership of {@code content}: the caller must not change it any more. */
    public static Bytes wrap(byte[] content) {
        return content.length == 0 ? EMPTY : new Bytes(content);
    }

    public static Bytes copyOf(byte[] content) {
        return wrap(content.clone());
    }

    /** A copy of {@code size} bytes of {@code source}, beginning at {@code offset}. */
    public static Bytes copyOf(byte[] source, int offset, int size) {
        return wrap(Arrays.copyOfRange(source, offset, offset + size));
    }

    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    public int size() {
        return content.length;
    }

    public byte at(int index) {
        return content[index];
    }

    /** The array itself, for writing it out without a copy. Must not be changed. */
    public byte[] unsafeArray() {
        return content;
    }

    public byte[] toArray() {
        return content.clone();
    }

    public boolean startsWith(Bytes prefix) {
        return content.length >= prefix.content.length
                && Arrays.equals(content, 0, prefix.content.length, prefix.content, 0, prefix.content.length);
    }

    /** Decodes as UTF-8; malformed input becomes U+FFFD, so use it for text known to be well-formed, and for people. */
    public String utf8() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return content.length <= 64 ? utf8() : content.length + " bytes";
    }
}
