package dev.parley.store.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RoomStateTest {
    /** All that can be seen of a state. */
    private record Shown(ChatId floor, List<ChatMessage> messages, Coverage coverage) {
        static Shown of(RoomState state) {
            return new Shown(state.floor(), List.copyOf(state.messages().values()), state.coverage());
        }
    }

    @RepeatedTest(200)
    @DisplayName("L11: merging is commutative, associative and idempotent")
    void mergingIsCommutativeAssociativeAndIdempotent(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<ChatMessage> messages = Histories.random(random, 1 + random.nextInt(40));
        RoomState a = Histories.some(random, messages);
        RoomState b = Histories.some(random, messages);
        RoomState c = Histories.some(random, messages);
        Shown all = Shown.of(Histories.merged(a, b, c));
        assertEquals(all, Shown.of(Histories.merged(c, b, a)));
        assertEquals(all, Shown.of(Histories.merged(b, Histories.merged(a, c))));
        assertEquals(all, Shown.of(Histories.merged(Histories.merged(a, b), Histories.merged(b, c), a)));
        assertEquals(Shown.of(Histories.merged(a)), Shown.of(Histories.merged(a, a)));
    }

    @RepeatedTest(50)
    @DisplayName("L8, L11: whoever gets all messages, in any order and several times, has them in one order, once")
    void theOrderOfArrivalDoesNotMatter(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<ChatMessage> messages = Histories.random(random, 60);
        List<ChatMessage> shuffled = new ArrayList<>(messages);
        shuffled.addAll(messages.subList(0, 20));
        Collections.shuffle(shuffled, random);
        RoomState state = new RoomState();
        shuffled.forEach(state::add);
        TreeMap<ChatId, ChatMessage> ordered = new TreeMap<>();
        messages.forEach(message -> ordered.put(message.id(), message));
        assertEquals(ordered, state.messages());
    }

    @RepeatedTest(50)
    void whatOneLacksIsTheDifferenceExactly(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<ChatMessage> messages = Histories.random(random, 60);
        RoomState whole = new RoomState();
        messages.forEach(whole::add);
        RoomState part = new RoomState();
        messages.stream().filter(message -> random.nextBoolean()).forEach(part::add);
        List<ChatMessage> missing = whole.missing(part.coverage(), 1_000);
        assertTrue(missing.stream().allMatch(part::add), "nothing is sent that is there");
        assertEquals(Shown.of(whole), Shown.of(part));
        assertEquals(List.of(), whole.missing(part.coverage(), 1_000));
    }

    @Test
    void belowTheFloorNothingComesBack() {
        List<ChatMessage> messages = Histories.random(new Random(4), 40);
        RoomState state = new RoomState();
        messages.forEach(state::add);
        ChatId middle = state.messages().keySet().stream().skip(20).findFirst().orElseThrow();
        state.raiseFloor(middle);
        assertEquals(21, state.dropped());
        assertEquals(19, state.messages().size());
        assertTrue(messages.stream().noneMatch(state::add));
        state.raiseFloor(ChatId.LOWEST);
        assertEquals(middle, state.floor());
    }

    @Test
    void onlyWhatFitsIsKeptAndWhatWasGivenUpIsCounted() {
        RoomState state = new RoomState();
        Histories.random(new Random(4), 40).forEach(state::add);
        List<ChatMessage> newest = state.last(10);
        long bytes = newest.stream().mapToLong(ChatMessage::bytes).sum();
        assertEquals(30, state.keepWithin(bytes));
        assertEquals(newest, List.copyOf(state.messages().values()));
        assertEquals(bytes, state.bytes());
        assertEquals(0, state.keepWithin(bytes));
    }

    @Test
    void aPageIsReadFromEitherEnd() {
        RoomState state = new RoomState();
        Histories.random(new Random(4), 40).forEach(state::add);
        List<ChatMessage> all = List.copyOf(state.messages().values());
        assertEquals(all.subList(30, 40), state.last(10));
        assertEquals(all.subList(20, 30), state.before(all.get(30).id(), 10));
        assertEquals(all.subList(31, 36), state.after(all.get(30).id(), 5));
        assertFalse(state.missing(new Coverage(), 3).isEmpty());
    }
}
