package dev.parley.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Reads what {@link BinaryWriter} wrote. Never reads past its end: it throws {@link Malformed} instead. */
public final class BinaryReader {
    private final byte[] content;
    private final int end;
    private int at;

    public BinaryReader(Bytes content) {
        this(content, 0, content.size());
    }

    public BinaryReader(Bytes content, int from, int end) {
        this(content.unsafeArray(), from, end);
    }

    private BinaryReader(byte[] content, int from, int end) {
        this.content = content;
        this.at = from;
        this.end = end;
    }

    /** A reader of the next field, which was written as {@link BinaryWriter#longBytes}, without a copy. */
    public BinaryReader part() {
        int length = count(end - at);
        int from = take(length);
        return new BinaryReader(content, from, from + length);
    }

    public int u8() {
        return content[take(1)] & 0xFF;
    }

    public boolean flag() {
        return switch (u8()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new Malformed("a flag is neither 0 nor 1");
        };
    }

    public int u16() {
        return (short) BinaryWriter.SHORT.get(content, take(2)) & 0xFFFF;
    }

    public int i32() {
        return (int) BinaryWriter.INT.get(content, take(4));
    }

    public long i64() {
        return (long) BinaryWriter.LONG.get(content, take(8));
    }

    public UUID uuid() {
        return new UUID(i64(), i64());
    }

    public String text() {
        int length = u16();
        return new String(content, take(length), length, StandardCharsets.UTF_8);
    }

    public Key key() {
        try {
            return new Key(shortBytes());
        } catch (IllegalArgumentException broken) {
            throw new Malformed(String.valueOf(broken.getMessage()));
        }
    }

    public Bytes shortBytes() {
        return raw(u16());
    }

    public Bytes longBytes(int sizeMax) {
        return raw(count(sizeMax));
    }

    public Bytes raw(int length) {
        return Bytes.copyOf(content, take(length), length);
    }

    public Bytes rest() {
        return raw(end - at);
    }

    public String contentType() {
        int code = u8();
        return code == ContentTypes.SPELLED_OUT ? text() : ContentTypes.ofCode(code);
    }

    /** A count, or a length, from 0 to {@code max}. */
    public int count(int max) {
        int count = i32();
        if (count < 0 || count > max) {
            throw new Malformed("a count of " + count + " is not within 0 to " + max);
        }
        return count;
    }

    /** A list that was written with its count first. */
    public <T> List<T> list(int countMax, Supplier<T> element) {
        return repeat(count(countMax), element);
    }

    /** A list of so many elements. */
    public <T> List<T> repeat(int count, Supplier<T> element) {
        List<T> elements = new ArrayList<>(Math.min(count, end - at));
        for (int i = 0; i < count; i++) {
            elements.add(element.get());
        }
        return elements;
    }

    public void expectEnd() {
        if (at != end) {
            throw new Malformed((end - at) + " bytes too many");
        }
    }

    private int take(int count) {
        int from = at;
        if (count > end - from) {
            throw new Malformed("cut short");
        }
        at = from + count;
        return from;
    }
}
