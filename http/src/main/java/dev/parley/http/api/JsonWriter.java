package dev.parley.http.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Writes JSON as UTF-8 bytes, without reflection and without a tree. Commas are its business, the rest of the syntax is
 * the caller's. Not thread-safe.
 */
final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer;
    private int size;
    private boolean commaDue;

    JsonWriter(int capacity) {
        buffer = new byte[capacity];
    }

    JsonWriter object() {
        return open('{');
    }

    JsonWriter end() {
        return close('}');
    }

    JsonWriter array() {
        return open('[');
    }

    JsonWriter endArray() {
        return close(']');
    }

    /** @param name ASCII without anything to escape */
    @SuppressWarnings("deprecation") // the bytes of an ASCII name, without a decoder
    JsonWriter name(String name) {
        separate();
        room(name.length() + 3);
        buffer[size++] = '"';
        name.getBytes(0, name.length(), buffer, size);
        size += name.length();
        buffer[size++] = '"';
        buffer[size++] = ':';
        commaDue = false;
        return this;
    }

    /** As {@link #name}, for any text. */
    JsonWriter member(String name) {
        text(name);
        room(1);
        buffer[size++] = ':';
        commaDue = false;
        return this;
    }

    JsonWriter number(long number) {
        separate();
        room(20);
        if (number < 0) {
            return raw(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
        }
        int end = size + digits(number);
        size = end;
        do {
            buffer[--end] = (byte) ('0' + number % 10);
            number /= 10;
        } while (number > 0);
        return this;
    }

    JsonWriter bool(boolean value) {
        separate();
        return raw(value ? TRUE : FALSE);
    }

    JsonWriter nothing() {
        separate();
        return raw(NULL);
    }

    JsonWriter text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return utf8(utf8);
    }

    /** @param utf8 well-formed */
    JsonWriter utf8(byte[] utf8) {
        separate();
        room(utf8.length + 2);
        buffer[size++] = '"';
        int copied = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte unit = utf8[i];
            if (unit == '"' || unit == '\\' || unit >= 0 && unit < 0x20 || unit == 0x7F) {
                copy(utf8, copied, i);
                escape(unit);
                copied = i + 1;
            }
        }
        copy(utf8, copied, utf8.length);
        room(1);
        buffer[size++] = '"';
        return this;
    }

    JsonWriter base64(byte[] bytes) {
        separate();
        byte[] encoded = Base64.getEncoder().encode(bytes);
        room(encoded.length + 2);
        buffer[size++] = '"';
        raw(encoded);
        room(1);
        buffer[size++] = '"';
        return this;
    }

    /** A value that is JSON already, as it is. */
    JsonWriter value(dev.parley.store.kv.Bytes json) {
        separate();
        return raw(json.unsafeArray());
    }

    /** Ends a line of NDJSON. */
    JsonWriter newline() {
        room(1);
        buffer[size++] = '\n';
        commaDue = false;
        return this;
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer, size);
    }

    void writeTo(java.io.OutputStream out) throws java.io.IOException {
        out.write(buffer, 0, size);
    }

    /** Writes what there is and goes on where it was, so that what is written need not fit in memory. */
    void drainTo(java.io.OutputStream out) throws java.io.IOException {
        writeTo(out);
        size = 0;
    }

    /** A value that is JSON already. */
    JsonWriter json(String value) {
        separate();
        return raw(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Text around a JSON value, as it is. @param ascii nothing that JSON would escape */
    JsonWriter ascii(String ascii) {
        raw(ascii.getBytes(StandardCharsets.US_ASCII));
        commaDue = false;
        return this;
    }

    /** As {@link #clear}, and gives up what a large content needed. */
    void clear(int capacityMax) {
        clear();
        if (buffer.length > capacityMax) {
            buffer = new byte[capacityMax];
        }
    }

    void clear() {
        size = 0;
        commaDue = false;
    }

    private JsonWriter open(char bracket) {
        separate();
        room(1);
        buffer[size++] = (byte) bracket;
        commaDue = false;
        return this;
    }

    private JsonWriter close(char bracket) {
        room(1);
        buffer[size++] = (byte) bracket;
        commaDue = true;
        return this;
    }

    /** A value that is JSON already. */
    JsonWriter json(byte[] json) {
        separate();
        return raw(json);
    }

    private void separate() {
        if (commaDue) {
            room(1);
            buffer[size++] = ',';
        }
        commaDue = true;
    }

    private JsonWriter raw(byte[] bytes) {
        copy(bytes, 0, bytes.length);
        return this;
    }

    private void copy(byte[] from, int start, int end) {
        room(end - start);
        System.arraycopy(from, start, buffer, size, end - start);
        size += end - start;
    }

    private void escape(byte unit) {
        room(6);
        buffer[size++] = '\\';
        switch (unit) {
            case '"', '\\' -> buffer[size++] = unit;
            case '\n' -> buffer[size++] = 'n';
            case '\r' -> buffer[size++] = 'r';
            case '\t' -> buffer[size++] = 't';
            default -> {
                buffer[size++] = 'u';
                buffer[size++] = '0';
                buffer[size++] = '0';
                buffer[size++] = HEX[unit >> 4];
                buffer[size++] = HEX[unit & 15];
            }
        }
    }

    private void room(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(size, more)));
        }
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
