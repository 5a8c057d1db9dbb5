package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BloomFilterTest {
    private static long hash(String prefix, int number) {
        byte[] subject = (prefix + number).getBytes(StandardCharsets.US_ASCII);
        return BloomFilter.hash(subject, subject.length);
    }

    private static BloomFilter filter(int subjects) {
        BloomFilter.Builder builder = new BloomFilter.Builder(subjects);
        for (int i = 0; i < subjects; i++) {
            builder.add(hash("held/", i));
        }
        ByteBuffer words = ByteBuffer.allocate(builder.words() * Long.BYTES);
        builder.writeTo(words);
        MappedFile file = new MappedFile("filter", words.capacity(), List.of(words), slice -> {});
        return new BloomFilter(file, 0, builder.words());
    }

    @Test
    void whatWasAddedIsNeverDenied() {
        for (int subjects : new int[] {1, 10, 1000, 50_000}) {
            BloomFilter filter = filter(subjects);
            for (int i = 0; i < subjects; i++) {
                assertTrue(filter.mayHold(hash("held/", i)), i + " of " + subjects);
            }
        }
    }

    @Test
    void mostOfWhatWasNotAddedIsDenied() {
        BloomFilter filter = filter(50_000);
        int wrong = 0;
        for (int i = 0; i < 50_000; i++) {
            wrong += filter.mayHold(hash("other/", i)) ? 1 : 0;
        }
        assertTrue(wrong < 1000, wrong + " of 50000 were not denied");
    }

    @Test
    void anEmptyFilterDeniesEverything() {
        assertFalse(filter(0).mayHold(hash("held/", 0)));
        assertFalse(new BloomFilter(new MappedFile("none", 0, List.of(), slice -> {}), 0, 0).mayHold(1));
    }

    @Test
    void theHashIsOfTheFormatAndMustNotChange() {
        byte[] subject = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        assertEquals(6289737226240451863L, BloomFilter.hash(subject, 11));
    }
}
