package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnitsTest {
    @Test
    void durationsAndSizesAreAWholeNumberAndAUnit() {
        assertEquals(Optional.of(Duration.ofMillis(500)), Units.duration("500ms"));
        assertEquals(Optional.of(Duration.ofHours(1)), Units.duration("1h"));
        assertEquals(Optional.of(64L << 20), Units.bytes("64MiB"));
        assertEquals(Optional.of(512L), Units.bytes("512B"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "", "-5s", "1.5s", "5S", "5 s", "99999999999999999999s", "999999999999999h"})
    void anythingElseIsNoDuration(String text) {
        assertEquals(Optional.empty(), Units.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "64MB", "64mib", "-1B", "999999999999999GiB"})
    void anythingElseIsNoSize(String text) {
        assertEquals(Optional.empty(), Units.bytes(text));
    }

    @Test
    void whatIsFormattedReadsTheSame() {
        for (String text : new String[] {"500ms", "30s", "5m", "1h", "0s"}) {
            assertEquals(text, Units.format(Units.duration(text).orElseThrow()));
        }
        for (String text : new String[] {"512B", "64KiB", "64MiB", "1GiB"}) {
            assertEquals(text, Units.formatBytes(Units.bytes(text).orElseThrow()));
        }
    }
}
