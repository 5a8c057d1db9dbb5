package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.KeyRange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small languages of the contract. */
class SyntaxTest {
    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "0s,PT0S", "30s,PT30S", "5m,PT5M", "1h,PT1H", "007s,PT7S"})
    void aDurationIsANumberAndAUnit(String text, Duration duration) {
        assertEquals(Optional.of(duration), Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "s", "-5s", "+5s", "5 s", "1.5s", "5S", "5d", "5ss", "٥s", "9999999999999s", "1h30m"})
    void anythingElseIsNoDuration(String text) {
        assertEquals(Optional.empty(), Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1ms", "0s", "90s", "1m", "61m", "24h", "1500ms"})
    void aDurationIsWrittenAsItIsRead(String text) {
        Duration duration = Durations.parse(text).orElseThrow();
        assertEquals(Optional.of(duration), Durations.parse(Durations.format(duration)));
    }

    @Test
    void everyByteSurvivesAPath() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        String path = Percent.encodePath(all);
        assertArrayEquals(all, Percent.ofPath(path).orElseThrow());
        assertTrue(path.chars().allMatch(unit -> unit > ' ' && unit < 0x7F), path);
    }

    @Test
    void aPlusIsAPlusInAPathAndASpaceInAQuery() {
        assertArrayEquals(
                "a+b".getBytes(StandardCharsets.US_ASCII), Percent.ofPath("a+b").orElseThrow());
        assertArrayEquals(
                "a b".getBytes(StandardCharsets.US_ASCII),
                Percent.ofQuery("a+b").orElseThrow());
        assertArrayEquals(
                "a+b".getBytes(StandardCharsets.US_ASCII),
                Percent.ofQuery("a%2Bb").orElseThrow());
    }

    @Test
    void aCursorIsReadBackForItsListOnlyAndNotWhenAnyByteChanged() {
        KeyRange range = KeyRange.prefix(Bytes.utf8("a"));
        Cursor cursor = new Cursor(77, Bytes.utf8("ab"));
        String text = cursor.encode(range, false);
        assertEquals(Optional.of(cursor), Cursor.decode(text, range, false));
        assertEquals(Optional.empty(), Cursor.decode(text, range, true));
        assertEquals(Optional.empty(), Cursor.decode(text, KeyRange.ALL, false));
        assertEquals(Optional.empty(), Cursor.decode(text, new KeyRange(range.start(), Optional.empty()), false));
        for (int i = 0; i < text.length() - 1; i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            assertEquals(
                    Optional.empty(),
                    Cursor.decode(text.substring(0, i) + other + text.substring(i + 1), range, false));
        }
    }

    @Test
    void aNumberHasNoSignNoZeroInFrontAndFitsEveryReader() {
        assertEquals(Optional.of(Numbers.MAX), Numbers.parse("9007199254740991"));
        assertEquals(Optional.of(0L), Numbers.parse("0"));
        for (String text : List.of("", "9007199254740992", "00", "01", "-1", "+1", "1 ", "x", "99999999999999999999")) {
            assertEquals(Optional.empty(), Numbers.parse(text), text);
        }
    }

    @Test
    void linesAreCutWhereverTheReadsEnd() throws IOException {
        SplittableRandom random = new SplittableRandom(9);
        for (int round = 0; round < 300; round++) {
            List<String> lines = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                lines.add("x".repeat(random.nextInt(3) == 0 ? random.nextInt(300_000) : random.nextInt(5)));
            }
            boolean ended =
                    random.nextBoolean() || !lines.isEmpty() && lines.getLast().isEmpty();
            String text = String.join("\n", lines) + (ended && !lines.isEmpty() ? "\n" : "");
            LineReader reader = new LineReader(trickling(text, random.split()), 200_000);
            List<String> read = new ArrayList<>();
            while (reader.next()) {
                read.add(
                        reader.isOverlong()
                                ? "overlong"
                                : new String(
                                        reader.bytes(), reader.start(), reader.length(), StandardCharsets.US_ASCII));
            }
            assertEquals(
                    lines.stream()
                            .map(line -> line.length() > 200_001 ? "overlong" : line)
                            .toList(),
                    read);
        }
    }

    private static InputStream trickling(String text, SplittableRandom random) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + random.nextInt(50_000)));
            }
        };
    }
}
