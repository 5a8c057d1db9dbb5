package dev.parley.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Reads what {@link BinaryWriter} wrote. Never reads past its end: it throws {@link Malformed} instead. */
final class BinaryReader {
    private final byte[] content;
    private final int end;
    private int at;

    BinaryReader(Bytes content) {
        this(content, 0, content.size());
    }

    BinaryReader(Bytes content, int from, int end) {
        this(content.unsafeArray(), from, end);
    }

    private BinaryReader(byte[] content, int from, int end) {
        this.content = content;
        this.at = from;
        this.end = end;
    }

    /** A reader of the next field, which was written as {@link BinaryWriter#longBytes}, without a copy. */
    BinaryReader part() {
        int length = count(end - at);
        int from = take(length);
        return new BinaryReader(content, from, from + length);
    }

    int u8() {
        return content[take(1)] & 0xFF;
    }

    boolean flag() {
        return switch (u8()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new Malformed("a flag is neither 0 nor 1");
        };
    }

    int u16() {
        return (short) BinaryWriter.SHORT.get(content, take(2)) & 0xFFFF;
    }

    int i32() {
        return (int) BinaryWriter.INT.get(content, take(4));
    }

    long i64() {
        return (long) BinaryWriter.LONG.get(content, take(8));
    }

    UUID uuid() {
        return new UUID(i64(), i64());
    }

    String text() {
        int length = u16();
        return new String(content, take(length), length, StandardCharsets.UTF_8);
    }

    Key key() {
        try {
            return new Key(shortBytes());
        } catch (IllegalArgumentException broken) {
            throw new Malformed(String.valueOf(broken.getMessage()));
        }
    }

    Bytes shortBytes() {
        return raw(u16());
    }

    Bytes longBytes(int sizeMax) {
        return raw(count(sizeMax));
    }

    Bytes raw(int length) {
        return Bytes.copyOf(content, take(length), length);
    }

    Bytes rest() {
        return raw(end - at);
    }

    String contentType() {
        int code = u8();
        return code == ContentTypes.SPELLED_OUT ? text() : ContentTypes.ofCode(code);
    }

    /** A count, or a length, from 0 to {@code max}. */
    int count(int max) {
        int count = i32();
        if (count < 0 || count > max) {
            throw new Malformed("a count of " + count + " is not within 0 to " + max);
        }
        return count;
    }

    /** A list that was written with its count first. */
    <T> List<T> list(int countMax, Supplier<T> element) {
        int count = count(countMax);
        List<T> elements = new ArrayList<>(Math.min(count, end - at));
        for (int i = 0; i < count; i++) {
            elements.add(element.get());
        }
        return elements;
    }

    void expectEnd() {
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
