package dev.parley.store.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.chat.Histories.Held;
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
    private record Shown(RoomState.Held held, List<ChatMessage> messages, long count, long bytes) {
        static Shown of(Held room) {
            return new Shown(room.state.held(), room.all(), room.state.count(), room.state.bytes());
        }
    }

    @RepeatedTest(200)
    @DisplayName("L11: merging is commutative, associative and idempotent")
    void mergingIsCommutativeAssociativeAndIdempotent(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<ChatMessage> messages = Histories.random(random, 1 + random.nextInt(40));
        Held a = Histories.some(random, messages);
        Held b = Histories.some(random, messages);
        Held c = Histories.some(random, messages);
        Shown all = Shown.of(Histories.merged(a, b, c));
        assertEquals(all, Shown.of(Histories.merged(c, b, a)));
        assertEquals(all, Shown.of(Histories.merged(b, Histories.merged(a, c))));
        assertEquals(all, Shown.of(Histories.merged(Histories.merged(a, b), Histories.merged(b, c), a)));
        assertEquals(Shown.of(Histories.merged(a)), Shown.of(Histories.merged(a, a)));
        assertEquals(Shown.of(a), Shown.of(Histories.merged(a)));
    }

    @RepeatedTest(50)
    @DisplayName("L8, L11: whoever gets all messages, in any order and several times, has them in one order, once")
    void theOrderOfArrivalDoesNotMatter(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<ChatMessage> messages = Histories.random(random, 60);
        List<ChatMessage> shuffled = new ArrayList<>(messages);
        shuffled.addAll(messages.subList(0, 20));
        Collections.shuffle(shuffled, random);
        TreeMap<ChatId, ChatMessage> ordered = new TreeMap<>();
        messages.forEach(message -> ordered.put(message.id(), message));
        assertEquals(List.copyOf(ordered.values()), Histories.of(shuffled).all());
    }

    @RepeatedTest(50)
    void whatOneLacksIsTheDifferenceExactly(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<ChatMessage> messages = Histories.random(random, 60);
        Held whole = Histories.of(messages);
        Held part = Histories.of(
                messages.stream().filter(message -> random.nextBoolean()).toList());
        if (random.nextBoolean()) {
            whole.state.raiseFloor(messages.get(random.nextInt(60)).id());
        }
        List<ChatMessage> lacking = whole.all().stream()
                .filter(message -> !part.state.covers(message))
                .toList();
        Coverage theirs = part.state.coverage();
        for (int limit : List.of(1, 5, lacking.size(), lacking.size() + 1, 1_000)) {
            assertEquals(
                    lacking.subList(0, Math.min(limit, lacking.size())),
                    whole.pages().missing(theirs, limit),
                    "oldest first, at most " + limit);
        }
        assertEquals(whole.state.coversAll(theirs), theirs.countBeyond(whole.state.coverage(), new Coverage()) == 0);
        assertTrue(lacking.stream().allMatch(part.state::add), "nothing is sent that is there");
        part.merge(whole);
        assertTrue(part.state.coversAll(whole.state.coverage()));
        assertEquals(List.of(), whole.pages().missing(part.state.coverage(), 1_000));
    }

    @Test
    void belowTheFloorNothingComesBack() {
        List<ChatMessage> messages = Histories.random(new Random(4), 40);
        Held room = Histories.of(messages);
        ChatId middle = room.all().get(20).id();
        room.state.raiseFloor(middle);
        assertEquals(19, room.state.count());
        assertEquals(19, room.all().size());
        assertTrue(messages.stream().noneMatch(room.state::add));
        room.state.raiseFloor(ChatId.LOWEST);
        assertEquals(middle, room.state.floor());
        assertEquals(0, room.state.dropped(), "what was agreed on is no loss");
        Held late = new Held();
        late.state.raiseFloor(middle);
        messages.forEach(late.state::add);
        assertEquals(21, late.state.dropped());
        assertEquals(Shown.of(room), Shown.of(late));
    }

    @Test
    void whatDoesNotFitIsGivenUpWhoeverLacksItAndCounted() {
        Held room = Histories.of(Histories.random(new Random(4), 40));
        List<ChatMessage> newest = room.pages().last(10);
        long bytes = newest.stream().mapToLong(ChatMessage::bytes).sum();
        assertTrue(room.state.retain(new RoomRetention(1_000, 1 << 30, bytes), 0, 0));
        assertEquals(newest, room.all());
        assertEquals(bytes, room.state.bytes());
        assertEquals(30, room.state.dropped());
        assertFalse(room.state.retain(new RoomRetention(1_000, 1 << 30, bytes), 0, 0));
    }

    @Test
    void whatIsTooManyOrTooOldIsGivenUpOnlyAsFarAsEverybodyHasIt() {
        Held room = Histories.of(Histories.random(new Random(4), 40));
        List<ChatMessage> all = room.all();
        RoomRetention ten = new RoomRetention(10, 1 << 30, 1 << 30);
        assertFalse(room.state.retain(ten, 0, 0), "nobody is known to have anything");
        long stable = all.get(19).id().stamp();
        long have =
                all.stream().filter(message -> message.id().stamp() <= stable).count();
        assertTrue(room.state.retain(ten, 0, stable));
        assertEquals(all.subList((int) have, 40), room.all());
        assertTrue(room.state.retain(ten, 0, Long.MAX_VALUE));
        assertEquals(all.subList(30, 40), room.all());
        assertEquals(0, room.state.dropped());
        RoomRetention young = new RoomRetention(1_000, 10, 1 << 30);
        long latest = all.get(30).atMillis();
        assertTrue(room.state.retain(young, latest + 11, Long.MAX_VALUE));
        assertTrue(room.all().stream()
                .allMatch(message -> message.id().compareTo(all.get(30).id()) > 0));
    }

    @Test
    void aStateIsReadBackAsItWas() {
        Random random = new Random(9);
        Held room = Histories.some(random, Histories.random(random, 60));
        RoomState back = RoomState.decode(room.state.encode(), room.messages);
        assertEquals(room.state.held(), back.held());
        assertEquals(room.state.count(), back.count());
        assertEquals(room.state.bytes(), back.bytes());
        assertEquals(room.state.lastAtMillis(), back.lastAtMillis());
    }

    @Test
    void aPageIsReadFromEitherEnd() {
        Held room = Histories.of(Histories.random(new Random(4), 40));
        List<ChatMessage> all = room.all();
        RoomPages pages = room.pages();
        assertEquals(all.subList(30, 40), pages.last(10));
        assertEquals(all.subList(20, 30), pages.before(all.get(30).id(), 10));
        assertEquals(all.subList(31, 36), pages.after(all.get(30).id(), 5));
        assertEquals(all.subList(0, 3), pages.missing(new Coverage(), 3));
    }
}
