package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.ConfigCommand.Propose.Quorum;
import dev.parley.store.kv.Proposal.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proposals in every order in which their steps may come into the log: nodes that die, leaders that change, time-outs that
 * race votes, several proposals for one path. What must come of it is counted anew, by a rule of three lines.
 */
final class ConfigScheduleTest {
    private static final Key PATH = Key.of("a");

    /** A log with the nodes that write it, and the state it makes. */
    private static final class Log {
        private final TreeStateMap map = new TreeStateMap();
        private final List<LogEntry> entries = new ArrayList<>();
        private final Map<String, long[]> writers = new HashMap<>();

        Log(int members) {
            for (int i = 1; i <= members; i++) {
                by("n1", new Command.RegisterMember("n" + i, new UUID(1, i), "http://n" + i, 1));
            }
        }

        private StateMachine.Applied append(LogEntry entry) {
            entries.add(entry);
            return StateMachine.apply(map, entries.size(), 100, entry);
        }

        Outcome by(String node, Command command) {
            if (!writers.containsKey(node)) {
                append(new LogEntry.Open(new UUID(7, entries.size()), node));
                writers.put(node, new long[] {entries.size(), 0});
            }
            long[] writer = writers.get(node);
            var batch = new LogEntry.Batch(writer[0], ++writer[1], 1_000, List.of(Submission.of(command)));
            return ((StateMachine.Applied.Batch) append(batch))
                    .answers()
                    .getFirst()
                    .outcome();
        }

        /** Whatever the node still sends under its old name is refused from here on. */
        void dies(String node, String leader) {
            by(leader, new Command.CloseWriter(writers.remove(node)[0]));
        }

        long propose(String node, String json, Quorum quorum) {
            var change = new ConfigChange(PATH, Optional.of(Bytes.utf8(json)));
            Outcome outcome =
                    by(node, new ConfigCommand.Propose(List.of(change), quorum, Precondition.NONE, "", 5_000));
            return assertInstanceOf(Outcome.Proposed.class, outcome).proposal();
        }

        Verdict verdict(long proposal) {
            return Proposals.find(map, proposal).orElseThrow().verdict();
        }

        String value() {
            return map.liveAt(Keyspace.CONFIG, PATH, Long.MAX_VALUE)
                    .map(live -> ConfigEntry.of(live).json().utf8())
                    .orElse("(missing)");
        }

        /** What another node, or this one after a restart from nothing, makes of the same log. */
        TreeStateMap replayed(int from, TreeStateMap begin) {
            for (int i = from; i < entries.size(); i++) {
                StateMachine.apply(begin, i + 1, 100, entries.get(i));
            }
            return begin;
        }
    }

    private static Verdict verdict(TreeStateMap map, long proposal) {
        return Proposals.find(map, proposal).orElseThrow().verdict();
    }

    @ParameterizedTest
    @DisplayName(
            "F6: a proposer that dies leaves its proposal decided by the votes before its end, and by nothing after")
    @CsvSource({"0, false", "1, false", "2, true", "3, true"})
    void aProposerThatDiesAtAnyStepLeavesOneVerdict(int votesBefore, boolean committed) {
        Log log = new Log(5);
        long id = log.propose("n1", "1", new Quorum.Majority());
        List<String> voters = List.of("n2", "n3", "n4", "n5");
        voters.subList(0, votesBefore).forEach(voter -> log.by(voter, new ConfigCommand.CastVote(id, true, "")));
        log.dies("n1", "n2");
        log.by("n2", new ConfigCommand.AbortProposal(id));
        Verdict verdict = log.verdict(id);
        voters.subList(votesBefore, 4).forEach(voter -> log.by(voter, new ConfigCommand.CastVote(id, true, "")));
        assertEquals(verdict, log.verdict(id), "votes behind the end change nothing");
        assertEquals(committed, verdict instanceof Verdict.Committed);
        assertEquals(committed, !(verdict instanceof Verdict.Aborted));
        assertEquals(committed ? "1" : "(missing)", log.value());
        assertEquals(List.of(), Proposals.pending(log.map));
    }

    @Test
    void aProposerThatDiesBeforeItsProposalIsInTheLogProposedNothing() {
        Log log = new Log(3);
        log.by("n3", new ConfigCommand.AbortProposal(0)); // n3 has a writer
        long[] writer = log.writers.get("n3").clone();
        log.dies("n3", "n1");
        var change = new ConfigChange(PATH, Optional.of(Bytes.utf8("1")));
        var late = new ConfigCommand.Propose(List.of(change), new Quorum.Exactly(1), Precondition.NONE, "", 5_000);
        StateMachine.Applied applied =
                log.append(new LogEntry.Batch(writer[0], writer[1] + 1, 1_000, List.of(Submission.of(late))));
        assertFalse(
                applied instanceof StateMachine.Applied.Batch,
                () -> "the batch of a closed writer was applied: " + applied);
        assertEquals("(missing)", log.value());
        assertEquals(List.of(), Proposals.newest(log.map, 10));
    }

    @Test
    void anOldAndANewLeaderEndAProposalOnce() {
        Log log = new Log(3);
        long given = log.propose("n1", "1", new Quorum.All());
        assertInstanceOf(Outcome.Acknowledged.class, log.by("n2", new ConfigCommand.AbortProposal(given)));
        Verdict verdict = log.verdict(given);
        assertInstanceOf(Outcome.Superseded.class, log.by("n3", new ConfigCommand.AbortProposal(given)));
        assertInstanceOf(Outcome.Superseded.class, log.by("n1", new ConfigCommand.AbortProposal(given)));
        assertEquals(verdict, log.verdict(given));
        long taken = log.propose("n1", "2", new Quorum.Majority());
        log.by("n2", new ConfigCommand.CastVote(taken, true, ""));
        assertInstanceOf(Outcome.Superseded.class, log.by("n3", new ConfigCommand.AbortProposal(taken)));
        assertEquals("2", log.value(), "a leader that gives up too late undoes nothing");
    }

    /** The rule, once more: who comes first in the log. */
    private static final class Counted {
        private final int required;
        private final Set<String> voters;
        private final Set<String> acks = new HashSet<>();
        private final Set<String> nacks = new HashSet<>();
        private String end = "pending";

        Counted(int required, Set<String> voters, String proposer) {
            this.required = required;
            this.voters = voters;
            vote(proposer, true);
        }

        void vote(String node, boolean ack) {
            boolean counts =
                    end.equals("pending") && voters.contains(node) && !acks.contains(node) && !nacks.contains(node);
            if (counts) {
                (ack ? acks : nacks).add(node);
                end = acks.size() >= required
                        ? "committed"
                        : voters.size() - nacks.size() < required ? "rejected" : "pending";
            }
        }

        void abort() {
            end = end.equals("pending") ? "aborted" : end;
        }
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Pending pending -> "pending";
            case Verdict.Committed committed -> "committed";
            case Verdict.Rejected rejected -> "rejected";
            case Verdict.Aborted aborted -> "aborted";
            case Verdict.Refused refused -> "refused";
        };
    }

    @ParameterizedTest
    @DisplayName(
            "F5, F6, F10, F11: whatever the order of the steps, each proposal ends as the log says, once, on every replica")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyOrderOfStepsEndsAsTheLogSays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20; round++) {
            playOnce(random.split());
        }
    }

    private static void playOnce(SplittableRandom random) {
        int members = random.nextInt(1, 6);
        Log log = new Log(members);
        List<String> nodes = new ArrayList<>();
        Set<String> registered = new HashSet<>();
        for (int i = 1; i <= members; i++) {
            nodes.add("n" + i);
            registered.add("n" + i);
        }
        Map<Long, Counted> counted = new TreeMap<>();
        List<Long> committed = new ArrayList<>();
        int steps = random.nextInt(10, 60);
        int restartAt = random.nextInt(steps);
        TreeStateMap restarted = new TreeStateMap();
        int replayedFrom = 0;
        for (int step = 0; step < steps; step++) {
            if (step == restartAt) {
                restarted = log.replayed(0, new TreeStateMap());
                replayedFrom = log.entries.size();
            }
            String node = nodes.get(random.nextInt(nodes.size()));
            List<Long> ids = List.copyOf(counted.keySet());
            Map<Long, String> before = ends(counted);
            switch (ids.isEmpty() ? 0 : random.nextInt(8)) {
                case 0 -> {
                    if (registered.contains(node)) {
                        Quorum quorum = random.nextInt(3) == 0 ? new Quorum.All() : new Quorum.Majority();
                        long id = log.propose(node, Integer.toString(step), quorum);
                        counted.put(id, new Counted(quorum.of(registered.size()), Set.copyOf(registered), node));
                        before.put(id, "pending");
                    }
                }
                case 1 -> {
                    long id = ids.get(random.nextInt(ids.size()));
                    log.by(node, new ConfigCommand.AbortProposal(id));
                    counted.get(id).abort();
                }
                case 2 -> {
                    if (log.writers.containsKey(node) && nodes.size() > 1) {
                        log.dies(node, nodes.get((nodes.indexOf(node) + 1) % nodes.size()));
                    }
                }
                case 3 -> {
                    String joining = "n" + (nodes.size() + 1);
                    log.by(node, new Command.RegisterMember(joining, new UUID(2, step), "http://" + joining, 1));
                    nodes.add(joining);
                    registered.add(joining);
                }
                default -> {
                    long id = ids.get(random.nextInt(ids.size()));
                    boolean ack = random.nextInt(3) > 0;
                    log.by(node, new ConfigCommand.CastVote(id, ack, ack ? "" : "no"));
                    counted.get(id).vote(node, ack);
                }
            }
            counted.forEach((id, one) -> {
                assertEquals(one.end, word(log.verdict(id)), () -> "proposal " + id);
                if (one.end.equals("committed") && !before.get(id).equals("committed")) {
                    committed.add(id);
                }
            });
        }
        assertInOneOrder(log, committed);
        TreeStateMap all = log.replayed(0, new TreeStateMap());
        TreeStateMap rest = log.replayed(replayedFrom, restarted);
        for (long id : counted.keySet()) {
            assertEquals(log.verdict(id), verdict(all, id));
            assertEquals(log.verdict(id), verdict(rest, id));
        }
        assertEquals(Proposals.pending(log.map), Proposals.pending(all));
    }

    private static Map<Long, String> ends(Map<Long, Counted> counted) {
        Map<Long, String> ends = new HashMap<>();
        counted.forEach((id, one) -> ends.put(id, one.end));
        return ends;
    }

    /** The path went through the values of the committed proposals, in the order of their commits. */
    private static void assertInOneOrder(Log log, List<Long> committed) {
        List<Long> history = new ArrayList<>();
        long newest = Agreed.revision(log.map);
        for (long revision = 1; revision <= newest; revision++) {
            Optional<Version> at = log.map.at(Keyspace.CONFIG, PATH, revision);
            if (at.isPresent() && at.get() instanceof Version.Live live && live.modRevision() == revision) {
                history.add(ConfigEntry.of(live).proposal());
            }
        }
        assertEquals(committed, history);
        assertTrue(history.stream().distinct().count() == history.size(), "committed twice");
    }
}
