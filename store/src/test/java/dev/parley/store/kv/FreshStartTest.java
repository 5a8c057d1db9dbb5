package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Command.CheckpointLeases.Remaining;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class FreshStartTest {
    private final Script script = new Script();

    @Test
    void theRevisionGoesUpByTwoToTheThirtyTwoAndIsDenseFromThereOn() {
        script.run(Script.put("a", "1"));
        script.run(Script.put("a", "2"));

        long revision = FreshStart.begin(script.map);

        assertEquals(2 + (1L << 32), revision);
        assertEquals(revision, script.revision());
        assertTrue(script.map.revision(revision).isPresent());
        script.open("n2");
        script.run(Script.put("a", "3"));
        assertEquals(revision + 1, script.revision());
    }

    @Test
    void everyKeyAndItsHistoryStay() {
        script.run(Script.put("a", "1"));
        script.run(Script.put("a", "2"));
        long revision = FreshStart.begin(script.map);

        assertEquals("2", script.valueOf("a"));
        assertEquals("1", valueAt("a", 1));
        assertEquals("2", valueAt("a", revision));
        assertEquals(1, script.map.revision(1).orElseThrow().changes().size());
    }

    private String valueAt(String key, long revision) {
        return script.map
                .liveAt(Keyspace.KV, Key.of(key), revision)
                .orElseThrow()
                .value()
                .utf8();
    }

    @Test
    void writersMembersReportsAndOfficeAreForgotten() {
        script.lead();
        script.run(new Command.ReportDurable(Script.NODE, Script.STORE, 1));
        script.run(new Command.Tick(script.index, 5_000));
        assertTrue(Office.in(script.map).isPresent());

        FreshStart.begin(script.map);

        assertEquals(List.of(), Members.all(script.map));
        assertEquals(List.of(), Writers.all(script.map));
        assertEquals(Optional.empty(), Office.in(script.map));
        assertEquals(0, Agreed.trimPoint(script.map));
        assertEquals(0, Agreed.logBytes(script.map));
        assertEquals(Optional.empty(), script.map.cell(Cells.TICK));
        assertTrue(script.map.cellNames().stream().noneMatch(name -> name.startsWith("open/")));
    }

    @Test
    void everyLeaseGetsItsWholeTtl() {
        long epoch = script.lead();
        script.run(new Command.GrantLease(Duration.ofSeconds(30)));
        long lease = script.revision();
        script.run(Script.put("a", "1", new Command.LeaseChoice.Existing(lease)));
        script.run(new Command.CheckpointLeases(epoch, List.of(new Remaining(lease, 0, Duration.ofSeconds(3)))));
        assertEquals(
                Duration.ofSeconds(3),
                Leases.find(script.map, lease).orElseThrow().left());

        FreshStart.begin(script.map);

        assertEquals(
                Duration.ofSeconds(30),
                Leases.find(script.map, lease).orElseThrow().left());
        assertEquals(List.of(Key.of("a")), Leases.keys(script.map, lease));
    }

    @Test
    void theGapSaysWhichRevisionsWereNeverMade() {
        script.run(Script.put("a", "1"));
        long first = FreshStart.begin(script.map);
        long second = FreshStart.begin(script.map);

        assertEquals(Optional.empty(), RevisionGap.at(script.map, 1));
        assertEquals(Optional.of(new RevisionGap(1, first)), RevisionGap.at(script.map, 2));
        assertEquals(Optional.of(new RevisionGap(1, first)), RevisionGap.at(script.map, first - 1));
        assertEquals(Optional.empty(), RevisionGap.at(script.map, first));
        assertEquals(Optional.of(new RevisionGap(first, second)), RevisionGap.at(script.map, first + 1));
        assertEquals(Optional.empty(), RevisionGap.at(script.map, second));
        assertEquals(Optional.empty(), RevisionGap.at(script.map, second + 7));
    }

    @Test
    void anAnswerUnderAnIdempotencyKeyIsStillRemembered() {
        var request = new Submission.Idempotency("k", Bytes.utf8("f"));
        var submission = new Submission(Script.put("a", "1"), "", Optional.of(request), List.of());
        script.run(submission);
        FreshStart.begin(script.map);
        script.open("n2");

        assertTrue(script.run(submission) instanceof Outcome.Replayed);
    }

    @Test
    void whatWasBeingAgreedOnIsDroppedAndWhatWasAgreedStays() {
        script.run(new Command.RegisterMember(Script.NODE, Script.STORE, "http://n1", 1));
        script.run(Script.put("a", "1"));
        var quorum = new ConfigCommand.Propose.Quorum.Majority();
        var change = new ConfigChange(Key.of("limit"), Optional.of(Bytes.utf8("7")));
        script.run(new ConfigCommand.Propose(List.of(change), quorum, Command.Precondition.NONE, "why", 5_000));
        script.run(new Command.RegisterMember("n2", new UUID(2, 2), "http://n2", 1));
        script.run(new Command.RegisterMember("n3", new UUID(3, 3), "http://n3", 1));
        script.run(new ConfigCommand.Propose(List.of(change), quorum, Command.Precondition.NONE, "why", 5_000));
        assertEquals(1, Proposals.pending(script.map).size());

        long revision = FreshStart.begin(script.map);

        assertEquals(List.of(), Proposals.pending(script.map));
        assertEquals(0, Proposals.count(script.map));
        assertEquals(2, script.map.revision(revision).orElseThrow().changes().size());
        assertEquals("1", script.valueOf("a"));
    }
}
