package dev.parley.store.kv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Name of an entry of the map: 1 to 1024 bytes of well-formed UTF-8 without U+0000. Ordered by unsigned bytes. */
public record Key(Bytes bytes) implements Comparable<Key> {
    public static final int SIZE_BYTES_MAX = 1024;

    public Key {
        Optional<String> broken = ruleBrokenBy(bytes);
        if (broken.isPresent()) {
            throw new IllegalArgumentException("a key must be " + broken.get());
        }
    }

    public static Key of(String text) {
        return new Key(Bytes.utf8(text));
    }

    /** The rule that {@code bytes} break as a key, worded to follow "must be"; empty for a good key. */
    public static Optional<String> ruleBrokenBy(Bytes bytes) {
        if (bytes.size() == 0 || bytes.size() > SIZE_BYTES_MAX) {
            return Optional.of("1 to " + SIZE_BYTES_MAX + " bytes long, was " + bytes.size());
        }
        byte[] content = bytes.unsafeArray();
        int union = 0;
        for (byte unit : content) {
            if (unit == 0) {
                return Optional.of("free of U+0000");
            }
            union |= unit;
        }
        // Every key of every entry comes through here, and most are plain ASCII: no decoder for those.
        return union >= 0 ? Optional.empty() : utf8RuleBrokenBy(content);
    }

    private static Optional<String> utf8RuleBrokenBy(byte[] content) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            return Optional.empty();
        } catch (CharacterCodingException malformed) {
            return Optional.of("well-formed UTF-8");
        }
    }

    @Override
    public int compareTo(Key other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public String toString() {
        return bytes.utf8();
    }
}
