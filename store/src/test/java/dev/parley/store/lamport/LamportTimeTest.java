package dev.parley.store.lamport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class LamportTimeTest {
    @Test
    @DisplayName("K8: an event of one's own is one later")
    void anOwnEventIsOneLater() {
        assertEquals(new LamportTime(1), LamportTime.ZERO.tick());
    }

    @Test
    @DisplayName("K9: what comes in is later than both")
    void whatComesInIsLaterThanBoth() {
        assertEquals(new LamportTime(8), new LamportTime(3).receive(new LamportTime(7)));
        assertEquals(new LamportTime(8), new LamportTime(7).receive(new LamportTime(3)));
    }

    @Test
    @DisplayName("K11: merging is the maximum: in any order, in any grouping, as often as one likes")
    void mergingIsTheMaximum() {
        for (long a = 0; a < 5; a++) {
            for (long b = 0; b < 5; b++) {
                LamportTime one = new LamportTime(a);
                LamportTime other = new LamportTime(b);
                assertEquals(one.merge(other), other.merge(one));
                assertEquals(one, one.merge(one));
                assertEquals(Long.compare(a, b), Integer.signum(one.compareTo(other)));
                for (long c = 0; c < 5; c++) {
                    LamportTime third = new LamportTime(c);
                    assertEquals(one.merge(other).merge(third), one.merge(other.merge(third)));
                }
            }
        }
    }

    @Test
    @DisplayName("K7, K10: among nodes that exchange messages, no event has a stamp above that of what it caused")
    void causesHaveLowerStamps() {
        SplittableRandom random = new SplittableRandom(7);
        int nodes = 5;
        LamportTime[] clocks = new LamportTime[nodes];
        Arrays.fill(clocks, LamportTime.ZERO);
        // The slow twin: each event's full causal past, as how many events of each node it knows of.
        long[][] known = new long[nodes][nodes];
        List<LamportTime> stamps = new ArrayList<>();
        List<long[]> pasts = new ArrayList<>();
        for (int event = 0; event < 400; event++) {
            int node = random.nextInt(nodes);
            if (!stamps.isEmpty() && random.nextBoolean()) {
                int message = random.nextInt(stamps.size());
                clocks[node] = clocks[node].receive(stamps.get(message));
                for (int i = 0; i < nodes; i++) {
                    known[node][i] = Math.max(known[node][i], pasts.get(message)[i]);
                }
            } else {
                clocks[node] = clocks[node].tick();
            }
            known[node][node]++;
            stamps.add(clocks[node]);
            pasts.add(known[node].clone());
        }
        for (int a = 0; a < stamps.size(); a++) {
            for (int b = 0; b < stamps.size(); b++) {
                if (a != b && isBefore(pasts.get(a), pasts.get(b))) {
                    assertTrue(stamps.get(a).compareTo(stamps.get(b)) < 0, a + " caused " + b);
                }
            }
        }
    }

    private static boolean isBefore(long[] past, long[] later) {
        for (int i = 0; i < past.length; i++) {
            if (past[i] > later[i]) {
                return false;
            }
        }
        return !Arrays.equals(past, later);
    }

    @Test
    @DisplayName("K11: a lower stamp need not be a cause")
    void aLowerStampNeedNotBeACause() {
        LamportTime alone = LamportTime.ZERO.tick();
        LamportTime elsewhere = LamportTime.ZERO.tick().tick();
        assertTrue(alone.compareTo(elsewhere) < 0, "although neither knows of the other");
    }

    @Test
    void aStampFarAheadIsSeenAndTheLastNumberIsTheEnd() {
        LamportTime now = new LamportTime(5);
        assertFalse(now.isFarBehind(new LamportTime(5 + LamportTime.LEAD_MAX)));
        assertTrue(now.isFarBehind(new LamportTime(6 + LamportTime.LEAD_MAX)));
        assertThrows(ArithmeticException.class, () -> new LamportTime(Long.MAX_VALUE).tick());
        assertThrows(IllegalArgumentException.class, () -> new LamportTime(-1));
    }
}
