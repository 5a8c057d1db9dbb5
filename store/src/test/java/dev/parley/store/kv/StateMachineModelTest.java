package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.StateMachine.Answer;
import dev.parley.store.kv.Version.Live;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Thousands of random commands, each judged by {@link NaiveStore}. */
final class StateMachineModelTest {
    private static final int SEEDS = 150;
    private static final int BATCHES = 60;

    private final Set<Class<?>> outcomesSeen = new HashSet<>();

    @Test
    void theStateMachineDoesWhatThePlainModelDoes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                new Run(seed).play();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
        assertEquals(
                Set.of(
                        Outcome.Stored.class,
                        Outcome.Deleted.class,
                        Outcome.TransactionDone.class,
                        Outcome.LeaseGranted.class,
                        Outcome.LeaseKept.class,
                        Outcome.LeaseEnded.class,
                        Outcome.Acknowledged.class,
                        Outcome.Replayed.class,
                        Outcome.PreconditionFailed.class,
                        Outcome.LeaseNotFound.class,
                        Outcome.LeaseUnknown.class,
                        Outcome.Fenced.class,
                        Outcome.KeyReused.class,
                        Outcome.Compacted.class,
                        Outcome.RevisionAhead.class,
                        Outcome.RevisionGone.class,
                        Outcome.Restored.class,
                        Outcome.Superseded.class),
                outcomesSeen,
                "the commands must reach all of these");
    }

    private final class Run {
        private final SplittableRandom random;
        private final RandomCommands commands;
        private final Script script = new Script();
        private final NaiveStore model = new NaiveStore();

        Run(int seed) {
            random = new SplittableRandom(seed);
            commands = new RandomCommands(random.split());
            model.epoch = script.lead();
            model.history.put(0L, new TreeMap<>());
        }

        void play() {
            for (int i = 0; i < BATCHES; i++) {
                playOneBatch();
                compareState();
                compareHistory();
            }
        }

        private void playOneBatch() {
            List<Submission> submissions = new ArrayList<>();
            List<Answer> expected = new ArrayList<>();
            for (int count = random.nextInt(5); count > 0; count--) {
                Submission submission = commands.submission(model.revision, model.epoch);
                submissions.add(submission);
                expected.add(new Answer(model.run(submission), model.revision));
                TreeMap<Key, Live> former = model.history.put(model.revision, new TreeMap<>(model.keys));
                assertTrue(former == null || former.equals(model.keys), "a change without a revision");
            }
            List<Answer> answers = script.answers(submissions.toArray(Submission[]::new));
            assertEquals(expected.size(), answers.size());
            for (int i = 0; i < answers.size(); i++) {
                assertEquals(
                        expected.get(i),
                        withoutReasons(answers.get(i)),
                        submissions.get(i).toString());
                outcomesSeen.add(answers.get(i).outcome().getClass());
            }
        }

        /** The reasons of {@link Outcome.Superseded} are for people, so the model has none. */
        private Answer withoutReasons(Answer answer) {
            Outcome outcome =
                    switch (answer.outcome()) {
                        case Outcome.Superseded superseded -> new Outcome.Superseded("");
                        case Outcome.Replayed(long revision, Outcome.Superseded superseded) ->
                            new Outcome.Replayed(revision, new Outcome.Superseded(""));
                        default -> answer.outcome();
                    };
            return new Answer(outcome, answer.revision());
        }

        private void compareState() {
            assertEquals(model.revision, script.revision());
            assertEquals(model.compacted, Agreed.compactionRevision(script.map));
            assertEquals(model.keys, liveAt(model.revision));
            TreeMap<Long, NaiveStore.Lease> leases = new TreeMap<>();
            Leases.visit(script.map, lease -> {
                leases.put(
                        lease.id(), new NaiveStore.Lease(lease.ttl(), lease.left(), lease.keepalives(), lease.own()));
                assertEquals(model.keysOf(lease.id()), lease.keys(), "keys of lease " + lease.id());
                assertEquals(
                        model.keysOf(lease.id()),
                        Leases.keys(script.map, lease.id()).size());
                assertTrue(script.map
                        .liveAt(Keyspace.LEASE, Leases.keyOf(lease.id()), model.revision)
                        .isPresent());
                return true;
            });
            assertEquals(model.leases, leases);
            assertEquals(leases.size(), Leases.count(script.map));
            long leasedKeys = model.keys.values().stream()
                    .filter(live -> live.lease() != 0)
                    .count();
            assertEquals(
                    leasedKeys,
                    script.map.cellNames().stream()
                            .filter(name -> name.startsWith("leased/"))
                            .count());
        }

        /** Every revision up to now still reads as it was, and its record names what changed. */
        private void compareHistory() {
            long revision = random.nextLong(1, model.revision + 2);
            if (revision > model.revision) {
                return;
            }
            TreeMap<Key, Live> after = model.history.get(revision);
            TreeMap<Key, Live> before = model.history.get(revision - 1);
            assertEquals(after, liveAt(revision));
            Set<Key> changed = new HashSet<>(before.keySet());
            changed.addAll(after.keySet());
            changed.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
            List<Key> recorded = script.map.revision(revision).orElseThrow().changes().stream()
                    .filter(change -> change.keyspace() == Keyspace.KV)
                    .map(Change::key)
                    .toList();
            assertEquals(changed, new HashSet<>(recorded));
            assertEquals(changed.size(), recorded.size());
        }

        private TreeMap<Key, Live> liveAt(long revision) {
            TreeMap<Key, Live> live = new TreeMap<>();
            script.map.scan(Keyspace.KV, KeyRange.ALL, revision, false, (key, version) -> {
                live.put(key, version);
                return true;
            });
            return live;
        }
    }
}
