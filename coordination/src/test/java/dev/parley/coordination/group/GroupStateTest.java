package dev.parley.coordination.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupStateTest {
    private static final UUID LIFE = new UUID(1, 1);

    private static GroupState.Outcome join(GroupState state, String member) {
        return state.join("g", member, Bytes.EMPTY, OptionalLong.empty(), 0);
    }

    private static GroupMessage.Whole whole(GroupState state) {
        return new GroupMessage.Whole(state.version(), true, true, state.everything());
    }

    @Test
    void whoMissesAChangeAsksAndGoesOnWithTheWhole() {
        GroupState one = new GroupState("n1");
        GroupState two = new GroupState("n2");
        two.reachable("n1", true);
        join(one, "a");
        GroupMessage second = join(one, "b").toPeers().orElseThrow();
        assertTrue(two.received("n1", LIFE, second).ask());
        assertEquals(List.of(), two.members("g", false));
        two.received("n1", LIFE, whole(one));
        assertEquals(2, two.members("g", false).size());
        assertTrue(!two.received("n1", LIFE, second).ask(), "it is known");
        assertTrue(two.received("n1", LIFE, new GroupMessage.Newest(3)).ask());
        assertTrue(
                two.received("n1", new UUID(2, 2), new GroupMessage.Newest(0)).ask(), "another life");
    }

    @Test
    void messagesComeOutOfTheirCodecAsTheyWentIn() {
        Entry entry = new Entry(new Entry.Name("g", "m"), Bytes.utf8("{}"), 5, 6, true);
        for (GroupMessage message : List.of(
                new GroupMessage.Whole(1, true, false, List.of(entry)),
                new GroupMessage.Change(2, List.of(entry), List.of(entry.name())),
                new GroupMessage.Newest(3),
                new GroupMessage.Ask(),
                new GroupMessage.Broadcast("g", Bytes.utf8("x")))) {
            assertEquals(message, GroupMessage.decode(message.encode()));
        }
    }

    /** A5: whatever was joined, left, lost and cut in between, once everything is told all see the same. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void allConvergeAfterAnyScript(long seed) {
        Random random = new Random(seed);
        List<GroupState> states = List.of(new GroupState("n0"), new GroupState("n1"), new GroupState("n2"));
        for (int step = 0; step < 300; step++) {
            int who = random.nextInt(3);
            String member = "m" + random.nextInt(4);
            int what = random.nextInt(4);
            GroupState.Outcome outcome =
                    switch (what) {
                        case 0 ->
                            states.get(who).join("g", member, Bytes.utf8("" + step), OptionalLong.of(step + 40), 0);
                        case 1 -> states.get(who).leave("g", member);
                        case 2 -> states.get(who).expire(step);
                        default -> join(states.get(who), member);
                    };
            List<GroupState.Outcome> told = new ArrayList<>(List.of(outcome));
            outcome.toPeers().ifPresent(message -> told.addAll(tell(states, who, message, random)));
        }
        settle(states);
        states.forEach(state -> assertEquals(states.getFirst().members("g", false), state.members("g", false)));
        states.forEach(state -> state.everything().forEach(entry -> assertTrue(!entry.left(), entry::toString)));
    }

    /** Half of what is told gets lost. */
    private static List<GroupState.Outcome> tell(
            List<GroupState> states, int from, GroupMessage message, Random random) {
        List<GroupState.Outcome> outcomes = new ArrayList<>();
        for (int to = 0; to < 3; to++) {
            if (to != from && random.nextBoolean()) {
                outcomes.add(states.get(to).received("n" + from, LIFE, message));
            }
        }
        return outcomes;
    }

    /** Everybody tells everybody everything until nothing changes. */
    private static void settle(List<GroupState> states) {
        for (int round = 0; round < 6; round++) {
            for (int from = 0; from < 3; from++) {
                for (int to = 0; to < 3; to++) {
                    if (to != from) {
                        states.get(to).reachable("n" + from, true);
                        states.get(to).received("n" + from, LIFE, whole(states.get(from)));
                    }
                }
            }
        }
    }
}
