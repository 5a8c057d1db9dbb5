package dev.parley.consistency.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.RandomHistories.Recorder;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.model.GrowingSet;
import dev.parley.consistency.model.Register;
import dev.parley.consistency.model.VersionedRegister;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private static final Checker REGISTER = new Linearizability(new Register());
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(20), 64 << 20, 2);

    @Test
    void agreesWithBruteForceOnSmallRandomHistories() {
        int invalid = 0;
        for (int seed = 0; seed < 4000; seed++) {
            History history = RandomHistories.smallRegister(new Random(seed), 2 + seed % 6);
            boolean expected = BruteForce.linearizable(new Register(), Operations.pair(history));
            assertEquals(
                    expected ? Answer.VALID : Answer.INVALID,
                    REGISTER.check(history, LIMITS).answer(),
                    () -> history.events().toString());
            invalid += expected ? 0 : 1;
        }
        assertTrue(invalid > 400 && invalid < 3600, "the random histories must be of both kinds: " + invalid);
    }

    @Test
    void theVersionedCheckAgreesWithBruteForceOnSmallRandomHistories() {
        VersionedRegister model = new VersionedRegister();
        int invalid = 0;
        for (int seed = 0; seed < 4000; seed++) {
            Random random = new Random(seed);
            History history = versioned(RandomHistories.smallRegister(random, 2 + seed % 6), random);
            boolean expected = BruteForce.linearizable(model, Operations.pair(history));
            assertEquals(
                    expected ? Answer.VALID : Answer.INVALID,
                    new Linearizability(model).check(history, LIMITS).answer(),
                    () -> history.events().toString());
            invalid += expected ? 0 : 1;
        }
        assertTrue(invalid > 400 && invalid < 3600, "the random histories must be of both kinds: " + invalid);
    }

    /** Thirty writes may have happened or not; that a later read finds version 0 says that none did before it. */
    @Test
    void aStateThatOutgrewALaterReadIsLeftAtOnce() {
        Recorder recorder = new Recorder();
        for (int write = 0; write < 30; write++) {
            recorder.add(write, Type.INVOKE, "write", "", Json.of(write));
            recorder.add(write, Type.INFO, "write", "", Json.of(write));
        }
        recorder.add(30, Type.INVOKE, "read", "", Json.NULL);
        recorder.add(30, Type.OK, "read", "", Json.NULL, Map.of("version", Json.of(0)));
        assertEquals(
                Answer.VALID,
                new Linearizability(new VersionedRegister())
                        .check(recorder.history(), LIMITS)
                        .answer());
    }

    /** Gives some of the answers a version: of a read 0 to 2, of a write 1 to 3. */
    private static History versioned(History history, Random random) {
        Recorder recorder = new Recorder();
        history.events().forEach(event -> {
            long lowest = event.f().equals("read") ? 0 : 1;
            Map<String, Json> more = event.type() == Type.OK && random.nextInt(3) == 0
                    ? Map.of("version", Json.of(lowest + random.nextInt(3)))
                    : Map.of();
            recorder.add(Integer.parseInt(event.process()), event.type(), event.f(), "", event.value(), more);
        });
        return recorder.history();
    }

    @Test
    void theSetCheckAgreesWithBruteForceOnSmallRandomHistories() {
        int invalid = 0;
        for (int seed = 0; seed < 4000; seed++) {
            History history = smallSet(new Random(seed));
            boolean expected = BruteForce.linearizable(new GrowingSet(), Operations.pair(history));
            assertEquals(
                    expected ? Answer.VALID : Answer.INVALID,
                    new LinearizableSet().check(history, LIMITS).answer(),
                    () -> history.events().toString());
            assertEquals(
                    expected ? Answer.VALID : Answer.INVALID,
                    new Linearizability(new GrowingSet()).check(history, LIMITS).answer());
            invalid += expected ? 0 : 1;
        }
        assertTrue(invalid > 400 && invalid < 3600, "the random histories must be of both kinds: " + invalid);
    }

    private static History smallSet(Random random) {
        Recorder recorder = new Recorder();
        String[] open = new String[4];
        int begun = 0;
        int element = 0;
        int[] adding = new int[4];
        int[] process = {0, 1, 2, 3};
        while (begun < 6) {
            int p = random.nextInt(4);
            if (open[p] == null) {
                open[p] = random.nextBoolean() ? "add" : "read";
                adding[p] = open[p].equals("add") ? element++ : -1;
                recorder.add(process[p], Type.INVOKE, open[p], "", adding[p] < 0 ? Json.NULL : Json.of(adding[p]));
                begun++;
            } else {
                List<Json> seen = new ArrayList<>();
                for (int e = 0; e < element; e++) {
                    if (random.nextInt(3) > 0) {
                        seen.add(Json.of(e));
                    }
                }
                Type type = random.nextInt(6) == 0 ? Type.INFO : Type.OK;
                recorder.add(process[p], type, open[p], "", adding[p] < 0 ? new Json.Array(seen) : Json.of(adding[p]));
                open[p] = null;
                process[p] += type == Type.INFO ? 4 : 0;
            }
        }
        return recorder.history();
    }

    @Test
    void whatARealRegisterAnswersIsValid() {
        for (int seed = 0; seed < 200; seed++) {
            assertEquals(
                    Answer.VALID,
                    REGISTER.check(RandomHistories.honestRegister(new Random(seed), 200, 2, 5, 0.05), LIMITS)
                            .answer(),
                    "seed " + seed);
        }
    }

    @Test
    void anyPrefixOfAValidHistoryIsValid() {
        History history = RandomHistories.honestRegister(new Random(7), 120, 1, 4, 0.05);
        for (int length = 0; length <= history.events().size(); length += 5) {
            History prefix = new History("prefix", history.events().subList(0, length));
            assertEquals(Answer.VALID, REGISTER.check(prefix, LIMITS).answer(), "length " + length);
        }
    }

    @Test
    void otherProcessIdsAndTimesChangeNothing() {
        for (int seed = 0; seed < 300; seed++) {
            History history = RandomHistories.smallRegister(new Random(seed), 6);
            List<Event> renamed = history.events().stream()
                    .map(e -> new Event(
                            e.position(),
                            e.line(),
                            "p" + (1000 - Integer.parseInt(e.process())),
                            e.type(),
                            e.f(),
                            e.key(),
                            e.value(),
                            e.timeNanos() + 12345,
                            e.fields()))
                    .toList();
            assertEquals(
                    REGISTER.check(history, LIMITS).answer(),
                    REGISTER.check(new History("renamed", renamed), LIMITS).answer());
        }
    }

    @Test
    void aReadOfAValueNobodyWroteIsInvalid() {
        History history = RandomHistories.honestRegister(new Random(3), 200, 1, 4, 0.05);
        List<Event> events = new ArrayList<>(history.events());
        for (int i = 0; i < events.size(); i++) {
            Event e = events.get(i);
            if (e.f().equals("read") && e.type() == Type.OK) {
                List<Event> changed = new ArrayList<>(events);
                changed.set(
                        i,
                        new Event(
                                i,
                                e.line(),
                                e.process(),
                                e.type(),
                                e.f(),
                                e.key(),
                                Json.of(777),
                                e.timeNanos(),
                                e.fields()));
                Verdict verdict = REGISTER.check(new History("changed", changed), LIMITS);
                assertEquals(Answer.INVALID, verdict.answer());
                assertTrue(verdict.findings().getFirst().sentence().contains("777 was never written"));
            }
        }
    }

    @Test
    void longerOperationsKeepAValidHistoryValid() {
        for (int seed = 0; seed < 100; seed++) {
            List<Event> events = new ArrayList<>(RandomHistories.honestRegister(new Random(seed), 60, 1, 3, 0.05)
                    .events());
            Random random = new Random(seed);
            for (int swap = 0; swap < 60; swap++) {
                int i = random.nextInt(events.size() - 1);
                Event a = events.get(i);
                Event b = events.get(i + 1);
                boolean widens = a.type() != Type.INVOKE
                        && b.type() == Type.INVOKE
                        && !a.process().equals(b.process());
                if (widens) {
                    events.set(i, at(b, i));
                    events.set(i + 1, at(a, i + 1));
                }
            }
            assertEquals(
                    Answer.VALID,
                    REGISTER.check(new History("widened", events), LIMITS).answer(),
                    "seed " + seed);
        }
    }

    private static Event at(Event e, int position) {
        return new Event(
                position, position + 1, e.process(), e.type(), e.f(), e.key(), e.value(), e.timeNanos(), e.fields());
    }

    @Test
    void sixteenThousandOperationsOverAHundredKeysTakeLessThanFiveSeconds() {
        History history = RandomHistories.honestRegister(new Random(1), 16_000, 100, 10, 0.02);
        CpuTime time = new CpuTime();
        assertEquals(Answer.VALID, REGISTER.check(history, Limits.standard()).answer());
        assertTrue(time.lessThan(Duration.ofSeconds(5)));
    }

    @Test
    void aHardHistoryEndsInUnknownAtItsTimeLimit() {
        Verdict verdict = REGISTER.check(hard(40), new Limits(Duration.ofSeconds(2), 16 << 20, 2));
        assertEquals(Answer.UNKNOWN, verdict.answer());
        assertEquals("out-of-time", verdict.findings().getFirst().kind());
    }

    @Test
    void aPlainContradictionIsFoundWhereTheSearchWouldNotEnd() {
        Recorder recorder = new Recorder();
        recorder.add(100, Type.INVOKE, "write", "", Json.of("old"));
        recorder.add(100, Type.OK, "write", "", Json.of("old"));
        recorder.add(100, Type.INVOKE, "write", "", Json.of("new"));
        recorder.add(100, Type.OK, "write", "", Json.of("new"));
        List<Event> events = new ArrayList<>(recorder.history().events());
        for (Event e : hard(40).events()) {
            events.add(at(e, events.size()));
        }
        int reads = events.size();
        Recorder stale = new Recorder();
        stale.add(101, Type.INVOKE, "read", "", Json.NULL);
        stale.add(101, Type.OK, "read", "", Json.of("old"));
        stale.history().events().forEach(e -> events.add(at(e, events.size())));
        assertEquals(reads + 2, events.size());
        Verdict verdict =
                REGISTER.check(new History("contradiction", events), new Limits(Duration.ofSeconds(20), 16 << 20, 2));
        assertEquals(Answer.INVALID, verdict.answer());
        assertTrue(
                verdict.findings().getFirst().sentence().contains("stale"),
                verdict.findings().getFirst().sentence());
    }

    @Test
    void whatIsCalledAPlainContradictionIsOne() {
        int found = 0;
        for (int seed = 0; seed < 4000; seed++) {
            var operations = Operations.pair(RandomHistories.smallRegister(new Random(seed), 2 + seed % 6));
            if (new Register().contradiction(operations).isPresent()) {
                found++;
                assertEquals(false, BruteForce.linearizable(new Register(), operations), "seed " + seed);
            }
        }
        assertTrue(found > 300, "too few contradictions: " + found);
    }

    /** Many writes at the same time, and reads no order of them explains: each pair of values would have to alternate twice. */
    private static History hard(int writers) {
        Recorder recorder = new Recorder();
        for (int w = 0; w < writers; w++) {
            recorder.add(w, Type.INVOKE, "write", "", Json.of(w));
        }
        int reader = writers;
        for (int value : new int[] {0, 1, 0, 1}) {
            recorder.add(reader, Type.INVOKE, "read", "", Json.NULL);
            recorder.add(reader, Type.OK, "read", "", Json.of(value));
        }
        for (int w = 0; w < writers; w++) {
            recorder.add(w, Type.OK, "write", "", Json.of(w));
        }
        return recorder.history();
    }

    @Test
    void theMemoNeverOutgrowsItsBound() {
        Memo memo = new Memo(1 << 20);
        Random random = new Random(5);
        for (int i = 0; i < 1_000_000; i++) {
            memo.add(random.nextLong(), random.nextLong());
        }
        assertTrue(memo.capacity() * 16L <= 1 << 20);
    }

    @Test
    void anEmptyHistoryAndOneOfFaultsOnlyAreValid() {
        assertEquals(
                Answer.VALID,
                REGISTER.check(new History("empty", List.of()), LIMITS).answer());
        Event fault =
                new Event(0, 1, Event.NEMESIS, Type.INFO, "kill", "", Json.NULL, 0, new Json.Obj(java.util.Map.of()));
        assertEquals(
                Answer.VALID,
                REGISTER.check(new History("faults", List.of(fault)), LIMITS).answer());
    }
}
