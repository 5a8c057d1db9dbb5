package dev.parley.store.kv;

import dev.parley.store.kv.Command.Comparison;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Command.Precondition.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Commands that often hit: over few keys, and with numbers near those that exist. */
final class RandomCommands {
    private static final String[] KEYS = {"a", "a/1", "a/2", "b", "b/1", "c", "é"};
    private static final String[] PREFIXES = {"", "a", "a/", "b", "é", "zz"};

    private final SplittableRandom random;
    private long revision;
    private long epoch;

    RandomCommands(SplittableRandom random) {
        this.random = random;
    }

    /** @param revision newest revision, so that the numbers named are near it */
    Submission submission(long revision, long epoch) {
        this.revision = revision;
        this.epoch = epoch;
        Optional<Submission.Idempotency> idempotency = random.nextInt(8) > 0
                ? Optional.empty()
                : Optional.of(new Submission.Idempotency("id" + random.nextInt(20), text()));
        List<Submission.Fence> fences =
                random.nextInt(40) > 0 ? List.of() : List.of(new Submission.Fence("lock", "l", number()));
        return new Submission(command(), "author" + random.nextInt(2), idempotency, fences);
    }

    private Command command() {
        return switch (random.nextInt(19)) {
            case 0, 1, 2, 3 -> new Command.Put(key(), text(), "t", leaseChoice(), precondition());
            case 4, 5 -> new Command.Delete(key(), precondition());
            case 6 -> new Command.DeleteRange(range(), random.nextBoolean());
            case 7, 8, 9, 10 ->
                new Command.Transaction(list(2, this::comparison), list(5, this::operation), list(5, this::operation));
            case 11 -> new Command.GrantLease(ttl());
            case 12 -> new Command.KeepLeaseAlive(number());
            case 13 -> new Command.RevokeLease(number());
            case 14 -> new Command.ExpireLease(epoch - random.nextInt(2), number(), random.nextInt(2));
            case 15 -> new Command.Compact(number() + random.nextInt(3));
            case 17 -> new Command.Restore(range(), number());
            case 16 -> new Command.ForgetHistory(epoch - random.nextInt(2), number());
            default ->
                new Command.CheckpointLeases(
                        epoch,
                        list(3, () -> new Command.CheckpointLeases.Remaining(number(), random.nextInt(2), ttl())));
        };
    }

    private LeaseChoice leaseChoice() {
        return switch (random.nextInt(4)) {
            case 0, 1 -> new LeaseChoice.None();
            case 2 -> new LeaseChoice.Existing(number());
            default -> new LeaseChoice.Own(ttl());
        };
    }

    private Precondition precondition() {
        return random.nextInt(3) > 0 ? Precondition.NONE : new Precondition(match(), match());
    }

    private Match match() {
        return switch (random.nextInt(4)) {
            case 0, 1 -> new Match.Absent();
            case 2 -> new Match.Any();
            default -> new Match.OneOf(list(6, this::number));
        };
    }

    private Comparison comparison() {
        Comparison.Relation relation = Comparison.Relation.values()[random.nextInt(4)];
        return random.nextInt(3) == 0
                ? new Comparison.OfValue(key(), relation, text())
                : new Comparison.OfNumber(key(), Comparison.Field.values()[random.nextInt(3)], relation, number());
    }

    private Operation operation() {
        return switch (random.nextInt(6)) {
            case 0, 1 -> {
                LeaseChoice lease = random.nextInt(4) > 0 ? new LeaseChoice.None() : new LeaseChoice.Existing(number());
                yield new Operation.Put(key(), text(), "t", lease);
            }
            case 2 -> new Operation.Get(key());
            case 3, 4 -> new Operation.Delete(random.nextBoolean() ? KeyRange.single(key()) : range());
            default -> new Operation.Range(range(), random.nextInt(1, 5));
        };
    }

    private KeyRange range() {
        Bytes prefix = Bytes.utf8(PREFIXES[random.nextInt(PREFIXES.length)]);
        return random.nextBoolean() ? KeyRange.prefix(prefix) : new KeyRange(prefix, Optional.of(key().bytes()));
    }

    private Key key() {
        return Key.of(KEYS[random.nextInt(KEYS.length)]);
    }

    private Bytes text() {
        return Bytes.utf8("v" + random.nextInt(3));
    }

    private Duration ttl() {
        return Duration.ofSeconds(random.nextInt(1, 60));
    }

    private long number() {
        return Math.max(0, revision - random.nextInt(12));
    }

    private <T> List<T> list(int sizeMax, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int size = random.nextInt(sizeMax + 1); size > 0; size--) {
            list.add(element.get());
        }
        return list;
    }
}
