package dev.parley.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NearestTest {
    @Test
    void swapsMissesAndExtrasAreForgiven() {
        List<String> known = List.of("cluster", "node", "bench");
        assertEquals(Optional.of("cluster"), Nearest.to("clutser", known));
        assertEquals(Optional.of("node"), Nearest.to("nod", known));
        assertEquals(Optional.of("bench"), Nearest.to("benchh", known));
    }

    @Test
    void somethingQuiteDifferentGetsNoSuggestion() {
        assertEquals(Optional.empty(), Nearest.to("frobnicate", List.of("cluster", "node")));
        assertEquals("", Nearest.hint("frobnicate", List.of("node")));
    }

    @Test
    void aSwapOfNeighboursCountsOnce() {
        assertEquals(1, Nearest.distance("prot", "port"));
        assertEquals(0, Nearest.distance("", ""));
        assertEquals(4, Nearest.distance("", "port"));
    }
}
