package dev.parley.store.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class StabilityTest {
    private static final Set<String> OTHERS = Set.of("b", "c");

    @Test
    void nothingIsStableWhileAMemberSaysNothing() {
        Stability stability = new Stability();
        stability.complete("b", 50);
        stability.told("b", 40);
        assertEquals(0, stability.everywhere(OTHERS, 100));
        stability.complete("c", 60);
        assertEquals(50, stability.here(OTHERS, 100));
        assertEquals(0, stability.everywhere(OTHERS, 100));
        stability.told("c", 45);
        assertEquals(40, stability.everywhere(OTHERS, 100));
        assertEquals(7, stability.everywhere(OTHERS, 7), "nor is what this node may write itself");
        stability.complete("b", 20);
        stability.told("b", 20);
        assertEquals(40, stability.everywhere(OTHERS, 100), "letters that overtake each other change nothing");
        stability.forget("b");
        assertEquals(0, stability.everywhere(OTHERS, 100));
        assertEquals(100, stability.everywhere(Set.of(), 100), "who is alone agrees with itself");
    }

    /** Nodes that post, and tell each other what they have over links that lose, delay and reorder. */
    private static final class Node {
        final String name;
        final Stability stability = new Stability();
        final Set<Long> has = new HashSet<>();
        long clock;
        long floor;

        Node(String name) {
            this.name = name;
        }
    }

    private record Letter(Node from, Node to, long clock, long complete, Set<Long> has) {}

    /**
     * Stamps are made unique, so that a message is its stamp.
     *
     * @see RoomState#retain
     */
    @RepeatedTest(30)
    @DisplayName(
            "L11, M14: no floor rises above a message that a member lacks, whatever is lost, late or written meanwhile")
    void noFloorRisesAboveAMessageThatSomebodyLacks(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Node> nodes = List.of(new Node("a"), new Node("b"), new Node("c"));
        List<Letter> underWay = new ArrayList<>();
        Set<Long> everything = new HashSet<>();
        boolean rose = false;
        for (int step = 0; step < 800; step++) {
            Node node = nodes.get(random.nextInt(3));
            Node other = nodes.get(random.nextInt(3));
            switch (random.nextInt(6)) {
                case 0 -> {
                    node.clock = (node.clock / 3 + 1) * 3 + nodes.indexOf(node);
                    node.has.add(node.clock);
                    everything.add(node.clock);
                    long written = node.clock;
                    assertTrue(nodes.stream().allMatch(one -> one.floor < written), "written below a floor");
                }
                case 1, 2 -> {
                    if (node != other) {
                        long complete = node.stability.here(others(nodes, node), node.clock);
                        underWay.add(new Letter(node, other, node.clock, complete, Set.copyOf(node.has)));
                    }
                }
                case 3, 4 -> {
                    if (!underWay.isEmpty()) {
                        read(underWay.remove(random.nextInt(underWay.size())), random);
                    }
                }
                default -> {
                    long stable = node.stability.everywhere(others(nodes, node), node.clock);
                    if (stable > node.floor) {
                        node.floor = stable;
                        rose = true;
                        for (Node one : nodes) {
                            for (long message : everything) {
                                assertTrue(
                                        message > stable || one.has.contains(message), one.name + " lacks " + message);
                            }
                        }
                    }
                }
            }
        }
        assertTrue(rose, "nothing was ever agreed on");
    }

    private static Set<String> others(List<Node> nodes, Node self) {
        Set<String> others = new HashSet<>();
        nodes.stream().filter(node -> node != self).forEach(node -> others.add(node.name));
        return others;
    }

    /** Some of what it lacks it gets; whether that was all it sees for itself. */
    private static void read(Letter letter, Random random) {
        Node to = letter.to();
        to.stability.told(letter.from().name, letter.complete());
        letter.has().stream().filter(message -> random.nextInt(4) > 0).forEach(message -> {
            to.has.add(message);
            to.clock = Math.max(to.clock, message);
        });
        if (to.has.containsAll(letter.has())) {
            to.stability.complete(letter.from().name, letter.clock());
        }
    }
}
