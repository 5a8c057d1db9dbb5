package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Lock.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Thousands of random requests for locks, each judged by {@link NaiveLocks}. */
final class LockModelTest {
    private static final int SEEDS = 200;
    private static final int COMMANDS = 150;
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final List<LockName> NAMES = List.of(
            new LockName(LockName.Kind.LOCK, "a"),
            new LockName(LockName.Kind.SEMAPHORE, "a"),
            new LockName(LockName.Kind.ELECTION, "b"));

    private final Set<Class<?>> outcomesSeen = new HashSet<>();

    @Test
    @DisplayName(
            "E1, E4, E5: locks do what the plain model does, grants are in the order of the log, leases end claims")
    void locksDoWhatThePlainModelDoes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                new Run(seed).play();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
        assertEquals(
                Set.of(
                        Outcome.LeaseGranted.class,
                        Outcome.LeaseEnded.class,
                        Outcome.LeaseUnknown.class,
                        Outcome.LeaseNotFound.class,
                        Outcome.LockGranted.class,
                        Outcome.LockQueued.class,
                        Outcome.LockReleased.class,
                        Outcome.LockGivenUp.class,
                        Outcome.LockHeld.class,
                        Outcome.NotHolder.class,
                        Outcome.LimitDiffers.class),
                outcomesSeen,
                "the commands must reach all of these");
    }

    private final class Run {
        private final SplittableRandom random;
        private final Script script = new Script();
        private final NaiveLocks model = new NaiveLocks();
        private final Map<LockName, Long> newestToken = new HashMap<>();
        private long asks;

        Run(int seed) {
            random = new SplittableRandom(seed);
        }

        void play() {
            for (int i = 0; i < COMMANDS; i++) {
                Command command = command();
                Outcome expected = model.run(command);
                Outcome outcome = script.run(command);
                assertEquals(expected, outcome, command::toString);
                assertEquals(model.revision, script.revision(), command::toString);
                outcomesSeen.add(outcome.getClass());
                if (outcome instanceof Outcome.LockQueued queued) {
                    asks = queued.waiter().ask();
                }
                NAMES.forEach(this::compare);
                compareLeases();
            }
        }

        private void compare(LockName name) {
            List<Holder> holders = model.holders(name);
            assertEquals(
                    holders, Locks.find(script.map, name).map(Lock::holders).orElse(List.of()));
            assertEquals(
                    model.waiters(name),
                    Locks.find(script.map, name).map(Lock::waiters).orElse(List.of()));
            assertEquals(holders, Locks.holders(script.map, name, script.revision()));
            for (Holder holder : holders) {
                assertTrue(Locks.isHeld(
                        script.map, new Submission.Fence(name.kind().text(), name.name(), holder.token())));
                RevisionRecord record = script.map.revision(holder.token()).orElseThrow();
                long grants = record.changes().stream()
                        .filter(change -> change.keyspace() == Keyspace.LOCK)
                        .count();
                assertEquals(1, grants, "one grant is one revision");
            }
            holders.stream()
                    .mapToLong(Holder::token)
                    .max()
                    .ifPresent(token -> newestToken.merge(name, token, Math::max));
        }

        /** What nobody uses any more leaves nothing behind. */
        private void compareLeases() {
            Set<Long> leases = new TreeSet<>();
            long[] claims = {0};
            Leases.visit(script.map, lease -> {
                claims[0] += lease.claims();
                return leases.add(lease.id());
            });
            assertEquals(model.leases.keySet(), leases);
            long inUse = NAMES.stream()
                    .mapToLong(name ->
                            model.holders(name).size() + model.waiters(name).size())
                    .sum();
            assertEquals(inUse, claims[0]);
            assertEquals(
                    inUse,
                    script.map.cellNames().stream()
                            .filter(name -> name.startsWith("claim/"))
                            .count());
            long waitingWithValue = NAMES.stream()
                    .filter(name -> name.kind() == LockName.Kind.ELECTION)
                    .mapToLong(name -> model.waiters(name).size())
                    .sum();
            assertEquals(
                    waitingWithValue,
                    script.map.cellNames().stream()
                            .filter(name -> name.startsWith("candidate/"))
                            .count());
        }

        private Command command() {
            LockName name = NAMES.get(random.nextInt(NAMES.size()));
            return switch (random.nextInt(12)) {
                case 0 -> new Command.GrantLease(TTL);
                case 1 -> new Command.RevokeLease(lease());
                case 2, 3, 4 -> new LockCommand.Release(name, token(name));
                case 5 ->
                    new LockCommand.GiveUp(name, lease(), owner(), random.nextLong(asks + 1), random.nextBoolean());
                default -> acquire(name);
            };
        }

        private Command acquire(LockName name) {
            int limit = name.kind() == LockName.Kind.SEMAPHORE ? random.nextInt(10) == 0 ? 2 : 3 : 4;
            int permits = name.kind() == LockName.Kind.ELECTION || random.nextInt(3) == 0
                    ? limit
                    : random.nextInt(1, limit + 1);
            LeaseChoice lease = random.nextInt(3) == 0 ? new LeaseChoice.Own(TTL) : new LeaseChoice.Existing(lease());
            Bytes value = name.kind() == LockName.Kind.ELECTION ? Bytes.utf8("v") : Bytes.EMPTY;
            return new LockCommand.Acquire(name, owner(), lease, permits, limit, value, random.nextInt(4) > 0);
        }

        private String owner() {
            return "o" + random.nextInt(3);
        }

        private long lease() {
            List<Long> leases = new ArrayList<>(model.leases.keySet());
            return leases.isEmpty() || random.nextInt(10) == 0
                    ? random.nextLong(model.revision + 2)
                    : leases.get(random.nextInt(leases.size()));
        }

        private long token(LockName name) {
            List<Holder> holders = model.holders(name);
            return holders.isEmpty() || random.nextInt(6) == 0
                    ? newestToken.getOrDefault(name, 1L)
                    : holders.get(random.nextInt(holders.size())).token();
        }
    }
}
