package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class KeyTest {
    @Test
    void aKeyHasOneTo1024Bytes() {
        assertTrue(Key.ruleBrokenBy(Bytes.EMPTY).isPresent());
        assertTrue(Key.ruleBrokenBy(Bytes.utf8("x".repeat(1_024))).isEmpty());
        assertTrue(Key.ruleBrokenBy(Bytes.utf8("x".repeat(1_025))).isPresent());
        assertThrows(IllegalArgumentException.class, () -> Key.of(""));
    }

    @Test
    void aKeyIsFreeOfTheNullCharacterWhereverItStands() {
        for (String text : List.of("\0", "\0a", "a\0", "a\0b", "é\0")) {
            assertTrue(Key.ruleBrokenBy(Bytes.utf8(text)).isPresent());
        }
    }

    @Test
    void malformedUtf8IsNoKey() {
        // Lone continuation, cut sequence, overlong slash, surrogate, beyond U+10FFFF, Latin-1.
        for (String hex : List.of("80", "61c3", "c0af", "eda080", "f4908080", "61e9", "ff")) {
            assertTrue(
                    Key.ruleBrokenBy(Bytes.wrap(HexFormat.of().parseHex(hex))).isPresent(), hex);
        }
        for (String text : List.of("a", "é", "€", "𝄞", "a/b", "..", "\u007f", "\u0080", "\u07ff", "\uffff")) {
            assertTrue(Key.ruleBrokenBy(Bytes.utf8(text)).isEmpty(), text);
        }
    }

    @Test
    void theFastPathAgreesWithTheDecoder() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(1, 5)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) random.nextInt(1, 256);
            }
            boolean wellFormed = decodes(bytes);
            assertEquals(wellFormed, Key.ruleBrokenBy(Bytes.copyOf(bytes)).isEmpty());
        }
    }

    @Test
    void keysAreOrderedByUnsignedBytes() {
        assertTrue(Key.of("a").compareTo(Key.of("b")) < 0);
        assertTrue(Key.of("z").compareTo(Key.of("é")) < 0);
        assertTrue(Key.of("a").compareTo(Key.of("a/")) < 0);
    }

    @Test
    void aPrefixRangeHoldsWhatStartsWithItAndNothingElse() {
        KeyRange range = KeyRange.prefix(Bytes.utf8("a/"));
        assertTrue(range.contains(Key.of("a/")));
        assertTrue(range.contains(Key.of("a/𝄞")));
        assertTrue(!range.contains(Key.of("a0")));
        assertTrue(!range.contains(Key.of("a")));
        assertTrue(KeyRange.prefix(Bytes.wrap(new byte[] {(byte) 0xFF})).end().isEmpty());
        assertTrue(KeyRange.single(Key.of("a")).contains(Key.of("a")));
        assertTrue(!KeyRange.single(Key.of("a")).contains(Key.of("a\u0001")));
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
