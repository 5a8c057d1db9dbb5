package dev.parley.coordination.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** C6, D8: which node a name belongs to is the same everywhere, and changes for few when the nodes change. */
final class RingTest {
    private static final int SETS = 100;
    private static final int NAMES = 3_000;

    private final SplittableRandom random = new SplittableRandom(11);

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES; i++) {
            names.add("p-" + Long.toString(random.nextLong(), 36).replace("-", ""));
        }
        return names;
    }

    private static List<String> nodes(int count) {
        List<String> nodes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            nodes.add("n" + i);
        }
        return nodes;
    }

    @Test
    void aNodeThatJoinsGetsAtMostAFairShareAndTwentyPercentAndNothingElseMoves() {
        for (int set = 0; set < SETS; set++) {
            List<String> names = names();
            int nodes = 1 + random.nextInt(7);
            Ring before = Ring.of(nodes(nodes));
            Ring after = Ring.of(nodes(nodes + 1));
            String joined = "n" + (nodes + 1);
            int moved = 0;
            for (String name : names) {
                String now = after.owner(name).orElseThrow();
                if (!before.owner(name).orElseThrow().equals(now)) {
                    assertEquals(joined, now);
                    moved++;
                }
            }
            double fair = (double) NAMES / (nodes + 1);
            assertTrue(moved <= 1.2 * fair, moved + " of " + NAMES + " moved to the node " + (nodes + 1));
            assertTrue(moved > 0, "nothing moved");
        }
    }

    @Test
    void theSharesOfTheNodesAreBalanced() {
        for (int set = 0; set < SETS; set++) {
            int nodes = 2 + random.nextInt(6);
            Ring ring = Ring.of(nodes(nodes));
            Map<String, Integer> shares = new HashMap<>();
            names().forEach(name -> shares.merge(ring.owner(name).orElseThrow(), 1, Integer::sum));
            double fair = (double) NAMES / nodes;
            assertEquals(nodes, shares.size());
            shares.forEach((node, share) ->
                    assertTrue(share > 0.75 * fair && share < 1.25 * fair, node + " has " + share + " of " + fair));
        }
    }

    @Test
    void aNodeThatLeavesTakesNothingButItsOwnAlong() {
        Ring before = Ring.of(nodes(5));
        Ring after = Ring.of(List.of("n1", "n2", "n4", "n5"));
        for (String name : names()) {
            String former = before.owner(name).orElseThrow();
            if (!former.equals("n3")) {
                assertEquals(former, after.owner(name).orElseThrow());
            }
        }
    }

    @Test
    void theOrderInWhichNodesAreNamedDoesNotMatter() {
        Ring one = Ring.of(List.of("a", "b", "c"));
        Ring other = Ring.of(List.of("c", "a", "b", "a"));
        names().forEach(name -> assertEquals(one.owners(name, 3), other.owners(name, 3)));
    }

    @Test
    void ownersAreDifferentNodesAndAtMostAllThereAre() {
        Ring ring = Ring.of(nodes(4));
        for (String name : names()) {
            List<String> owners = ring.owners(name, 3);
            assertEquals(3, new HashSet<>(owners).size());
            assertEquals(4, ring.owners(name, 9).size());
            assertEquals(owners.getFirst(), ring.owner(name).orElseThrow());
        }
    }

    @Test
    void withoutNodesNothingHasAnOwner() {
        assertEquals(Optional.empty(), Ring.of(List.of()).owner("a"));
    }
}
