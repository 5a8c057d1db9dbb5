package dev.parley.store.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Builds bytes: big endian, every field of variable size after its length. {@link BinaryReader} is its inverse. */
public final class BinaryWriter {
    static final VarHandle SHORT = view(short[].class);
    static final VarHandle INT = view(int[].class);
    static final VarHandle LONG = view(long[].class);

    private byte[] content;
    private int size;

    public BinaryWriter(int expectedSize) {
        content = new byte[Math.max(16, expectedSize)];
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.BIG_ENDIAN);
    }

    public BinaryWriter u8(int value) {
        int at = reserve(1);
        content[at] = (byte) value;
        return this;
    }

    public BinaryWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    public BinaryWriter u16(int value) {
        int at = reserve(2);
        SHORT.set(content, at, (short) value);
        return this;
    }

    public BinaryWriter i32(int value) {
        int at = reserve(4);
        INT.set(content, at, value);
        return this;
    }

    public BinaryWriter i64(long value) {
        int at = reserve(8);
        LONG.set(content, at, value);
        return this;
    }

    public BinaryWriter uuid(UUID value) {
        return i64(value.getMostSignificantBits()).i64(value.getLeastSignificantBits());
    }

    /** At most 65,535 bytes of UTF-8. */
    public BinaryWriter text(String value) {
        return shortBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public BinaryWriter key(Key key) {
        return shortBytes(key.bytes().unsafeArray());
    }

    /** At most 65,535 bytes. */
    public BinaryWriter shortBytes(byte[] value) {
        if (value.length > 0xFFFF) {
            throw new IllegalArgumentException("a short field must have at most 65535 bytes, had " + value.length);
        }
        return u16(value.length).raw(value);
    }

    public BinaryWriter longBytes(Bytes value) {
        return i32(value.size()).raw(value.unsafeArray());
    }

    /** Without a length: the reader must know it. */
    public BinaryWriter raw(byte[] value) {
        int at = reserve(value.length);
        System.arraycopy(value, 0, content, at, value.length);
        return this;
    }

    /** Content types repeat endlessly, so the usual ones take one byte. */
    public BinaryWriter contentType(String type) {
        int code = ContentTypes.codeOf(type);
        u8(code);
        return code == ContentTypes.SPELLED_OUT ? text(type) : this;
    }

    /** Appends the CRC32C of everything so far. */
    public BinaryWriter checksum() {
        CRC32C sum = new CRC32C();
        sum.update(content, 0, size);
        return i32((int) sum.getValue());
    }

    public Bytes toBytes() {
        return Bytes.wrap(size == content.length ? content : Arrays.copyOf(content, size));
    }

    /** May replace {@link #content}: read that field only afterwards. */
    private int reserve(int count) {
        int at = size;
        size = Math.addExact(size, count);
        if (size > content.length) {
            content =
                    Arrays.copyOf(content, Math.max(size, (int) Math.min(Integer.MAX_VALUE - 8L, content.length * 2L)));
        }
        return at;
    }
}
