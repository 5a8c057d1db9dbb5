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
import java.util.UUID;
import java.util.function.Supplier;

/** Entries of every shape, from a seed. */
final class RandomEntries {
    private static final String[] TEXTS = {"", "a", "text/plain", "application/json", "é€𝄞", "x".repeat(300)};

    private final SplittableRandom random;

    RandomEntries(SplittableRandom random) {
        this.random = random;
    }

    LogEntry entry() {
        return random.nextInt(5) == 0
                ? new LogEntry.Open(uuid(), node())
                : new LogEntry.Batch(number(), number(), number(), list(6, this::submission));
    }

    Submission submission() {
        Optional<Submission.Idempotency> idempotency = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new Submission.Idempotency(text(), bytes(Limits.FINGERPRINT_BYTES_MAX)));
        return new Submission(
                command(), text(), idempotency, list(2, () -> new Submission.Fence(text(), text(), number())));
    }

    Command command() {
        if (random.nextInt(4) == 0) {
            return random.nextBoolean() ? lockCommand() : configCommand();
        }
        if (random.nextInt(8) == 0) {
            return random.nextBoolean() ? attendanceCommand() : hookCommand();
        }
        return switch (random.nextInt(22)) {
            case 0 -> new Command.Put(key(), bytes(200), text(), leaseChoice(), precondition());
            case 1 -> new Command.Delete(key(), precondition());
            case 2 -> new Command.DeleteRange(range(), random.nextBoolean());
            case 3 ->
                new Command.Transaction(list(4, this::comparison), list(4, this::operation), list(4, this::operation));
            case 4 -> new Command.GrantLease(ttl());
            case 5 -> new Command.KeepLeaseAlive(number());
            case 6 -> new Command.RevokeLease(number());
            case 7 -> new Command.CloseWriter(number());
            case 8 -> new Command.RegisterMember(node(), uuid(), text(), random.nextInt(1, 256));
            case 9 -> new Command.RemoveMember(node());
            case 10 ->
                random.nextBoolean()
                        ? new Command.ReportDurable(node(), uuid(), number() >>> 1)
                        : new Command.DeclareStore(node(), uuid(), number() >>> 1);
            case 11 -> new Command.TakeOffice(node(), uuid());
            case 12 -> new Command.Tick(number(), number());
            case 13 -> new Command.Trim(number(), number());
            case 14 -> new Command.RaiseFormatLevel(number(), random.nextInt(1, 256));
            case 15 -> new Command.ExpireLease(number(), number(), number());
            case 20 ->
                new Command.AppendEntry(
                        "l" + random.nextInt(3),
                        key(),
                        bytes(50),
                        random.nextBoolean() ? "" : "{}",
                        random.nextBoolean() ? Optional.empty() : Optional.of(number() >>> 1));
            case 21 -> {
                long stamp = random.nextInt(1, 1 << 20);
                yield new Command.LoadEntries(
                        "l" + random.nextInt(3),
                        0,
                        List.of(new LedgerEntry(1, stamp, 5, text(), key(), "", bytes(20))));
            }
            case 16 -> new Command.Compact(number() >>> 1);
            case 18 -> new Command.Restore(range(), number() >>> 1);
            case 17 -> new Command.ForgetHistory(number(), number() >>> 1);
            default ->
                new Command.CheckpointLeases(
                        number(), list(3, () -> new Command.CheckpointLeases.Remaining(number(), number(), ttl())));
        };
    }

    private Command attendanceCommand() {
        var origin = new AttendanceCommand.Origin(number() >>> 1, text());
        return switch (random.nextInt(4)) {
            case 0 ->
                new AttendanceCommand.Enter(node(), uuid(), text(), list(3, this::text), random.nextInt(9), origin);
            case 1 -> new AttendanceCommand.Leave(node(), uuid(), origin);
            case 2 -> new AttendanceCommand.Expire(number(), node(), uuid(), random.nextBoolean(), origin);
            default -> new AttendanceCommand.Resign(number(), origin);
        };
    }

    private Command hookCommand() {
        String id = "h" + random.nextInt(3);
        return switch (random.nextInt(3)) {
            case 0 -> new Command.PutHook(id, text(), text(), random.nextInt(10));
            case 1 -> new Command.DeleteHook(id);
            default -> new Command.HookTold(number(), id, number(), number());
        };
    }

    private Command lockCommand() {
        return switch (random.nextInt(7)) {
            case 0 ->
                new LockCommand.Acquire(
                        lockName(),
                        "o" + random.nextInt(5),
                        new LeaseChoice.Existing(number()),
                        random.nextInt(1, 5),
                        random.nextInt(5, 8),
                        bytes(20),
                        random.nextBoolean());
            case 1 ->
                new LockCommand.Acquire(
                        lockName(), "o" + random.nextInt(5), new LeaseChoice.Own(ttl()), 5, 5, Bytes.EMPTY, true);
            case 2 ->
                new LockCommand.GiveUp(lockName(), number(), "o" + random.nextInt(5), number(), random.nextBoolean());
            case 3 -> new LockCommand.Release(lockName(), number());
            case 4 -> new LockCommand.SetCandidateValue(lockName(), number(), bytes(20));
            case 5 -> new LockCommand.PutGuard("l" + random.nextInt(3), "g" + random.nextInt(3), Bytes.utf8("kx"));
            default -> new LockCommand.DeleteGuard("l" + random.nextInt(3), "g" + random.nextInt(3));
        };
    }

    private Command configCommand() {
        return switch (random.nextInt(6)) {
            case 4 ->
                new ConfigCommand.ReportConfig(
                        "c" + random.nextInt(3),
                        random.nextBoolean() ? ConfigScope.path(key()) : ConfigScope.prefix(Bytes.utf8(text())),
                        number() >>> 1,
                        random.nextBoolean(),
                        text());
            case 0 -> new ConfigCommand.CastVote(number() >>> 1, random.nextBoolean(), text());
            case 1 -> new ConfigCommand.AbortProposal(number() >>> 1);
            case 2 -> new ConfigCommand.PutSchema(key(), bytes(20), number());
            case 3 -> new ConfigCommand.DeleteSchema(key());
            default ->
                new ConfigCommand.Propose(
                        List.of(new ConfigChange(
                                key(), random.nextBoolean() ? Optional.empty() : Optional.of(bytes(20)))),
                        switch (random.nextInt(3)) {
                            case 0 -> new ConfigCommand.Propose.Quorum.Majority();
                            case 1 -> new ConfigCommand.Propose.Quorum.All();
                            default -> new ConfigCommand.Propose.Quorum.Exactly(random.nextInt(1, 4));
                        },
                        precondition(),
                        text(),
                        number() >>> 1);
        };
    }

    private LockName lockName() {
        LockName.Kind[] kinds = LockName.Kind.values();
        return new LockName(kinds[random.nextInt(kinds.length)], "l" + random.nextInt(3));
    }

    private LeaseChoice leaseChoice() {
        return switch (random.nextInt(3)) {
            case 0 -> new LeaseChoice.None();
            case 1 -> new LeaseChoice.Existing(number());
            default -> new LeaseChoice.Own(ttl());
        };
    }

    private Precondition precondition() {
        return new Precondition(match(), match());
    }

    private Match match() {
        return switch (random.nextInt(3)) {
            case 0 -> new Match.Absent();
            case 1 -> new Match.Any();
            default -> new Match.OneOf(list(3, this::number));
        };
    }

    private Comparison comparison() {
        Comparison.Relation relation = Comparison.Relation.values()[random.nextInt(4)];
        return random.nextBoolean()
                ? new Comparison.OfValue(key(), relation, bytes(20))
                : new Comparison.OfNumber(key(), Comparison.Field.values()[random.nextInt(3)], relation, number());
    }

    private Operation operation() {
        return switch (random.nextInt(4)) {
            case 0 -> {
                LeaseChoice lease = random.nextBoolean() ? new LeaseChoice.None() : new LeaseChoice.Existing(number());
                yield new Operation.Put(key(), bytes(50), text(), lease);
            }
            case 1 -> new Operation.Get(key());
            case 2 -> new Operation.Delete(range());
            default -> new Operation.Range(range(), random.nextInt(1, Limits.RANGE_ITEMS_MAX + 1));
        };
    }

    private KeyRange range() {
        return random.nextBoolean()
                ? KeyRange.prefix(bytes(4))
                : new KeyRange(bytes(4), random.nextBoolean() ? Optional.empty() : Optional.of(bytes(4)));
    }

    private Key key() {
        return Key.of("k" + text());
    }

    private Bytes bytes(int sizeMax) {
        byte[] bytes = new byte[random.nextInt(sizeMax + 1)];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private Duration ttl() {
        return Duration.ofMillis(random.nextLong(1_000, 86_400_001));
    }

    private UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private String node() {
        return "n" + random.nextInt(100);
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private long number() {
        return random.nextBoolean() ? random.nextInt(100) : random.nextLong();
    }

    private <T> List<T> list(int sizeMax, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int size = random.nextInt(sizeMax + 1); size > 0; size--) {
            list.add(element.get());
        }
        return list;
    }
}
