package dev.parley.store.kv;

import dev.parley.store.kv.Command.Comparison;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Command.Precondition.Match;
import dev.parley.store.kv.Outcome.TransactionDone;
import dev.parley.store.kv.Outcome.TransactionDone.Result;
import dev.parley.store.kv.Version.Live;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the state machine should do, in the plainest words: a map of keys, a map of leases, and a copy of both to go
 * back to when a command is refused. Slow, and therefore the judge. Knows nothing of time, members and large numbers.
 */
final class NaiveStore {
    TreeMap<Key, Live> keys = new TreeMap<>();
    TreeMap<Long, Lease> leases = new TreeMap<>();
    long revision;
    long epoch;
    long compacted;
    /** The keys as they were at each revision. */
    final TreeMap<Long, TreeMap<Key, Live>> history = new TreeMap<>();

    private final Map<String, Remembered> remembered = new HashMap<>();

    record Lease(Duration ttl, Duration left, long keepalives, boolean own) {}

    private record Remembered(Bytes fingerprint, long revision, Outcome outcome) {}

    /** Thrown by a command that changes its mind halfway. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Outcome outcome;

        Refusal(Outcome outcome) {
            super(outcome.toString(), null, false, false);
            this.outcome = outcome;
        }
    }

    Outcome run(Submission submission) {
        var once = submission.idempotency();
        if (once.isPresent() && remembered.containsKey(once.get().key())) {
            Remembered first = remembered.get(once.get().key());
            return first.fingerprint().equals(once.get().fingerprint())
                    ? new Outcome.Replayed(first.revision(), first.outcome())
                    : new Outcome.KeyReused(once.get().key());
        }
        Outcome outcome = submission.fences().isEmpty()
                ? runWhole(submission.command())
                : new Outcome.Fenced(submission.fences().getFirst());
        once.ifPresent(o -> remembered.put(o.key(), new Remembered(o.fingerprint(), revision, outcome)));
        return outcome;
    }

    private Outcome runWhole(Command command) {
        var keysBefore = new TreeMap<>(keys);
        var leasesBefore = new TreeMap<>(leases);
        long revisionBefore = revision;
        try {
            Outcome outcome = run(command);
            leases.entrySet().removeIf(lease -> lease.getValue().own() && keysOf(lease.getKey()) == 0);
            return outcome;
        } catch (Refusal refusal) {
            keys = keysBefore;
            leases = leasesBefore;
            revision = revisionBefore;
            return refusal.outcome;
        }
    }

    private Outcome restore(Command.Restore restore) {
        if (restore.revision() > revision) {
            throw new Refusal(new Outcome.RevisionAhead(revision));
        }
        if (restore.revision() < compacted) {
            throw new Refusal(new Outcome.RevisionGone(compacted));
        }
        TreeMap<Key, Live> then = history.get(restore.revision());
        List<Key> gone = keys.keySet().stream()
                .filter(key -> restore.range().contains(key) && !then.containsKey(key))
                .toList();
        List<Key> changed = then.keySet().stream()
                .filter(key -> restore.range().contains(key))
                .filter(key -> !keys.containsKey(key)
                        || !keys.get(key).value().equals(then.get(key).value())
                        || !keys.get(key).contentType().equals(then.get(key).contentType()))
                .toList();
        if (!gone.isEmpty() || !changed.isEmpty()) {
            revision++;
        }
        gone.forEach(keys::remove);
        changed.forEach(key -> put(key, then.get(key).value(), then.get(key).contentType(), 0));
        return new Outcome.Restored(revision, changed.size(), gone.size(), Optional.empty());
    }

    private Outcome run(Command command) {
        return switch (command) {
            case Command.Put put -> {
                long now = ++revision;
                long lease = leaseFor(put.lease(), now);
                require(put.key(), put.precondition());
                Live live = put(put.key(), put.value(), put.contentType(), lease);
                yield new Outcome.Stored(
                        now, live.version(), live.version() == 1, lease == 0 ? Optional.empty() : Optional.of(lease));
            }
            case Command.Delete delete -> {
                require(delete.key(), delete.precondition());
                yield delete(KeyRange.single(delete.key()));
            }
            case Command.DeleteRange delete -> delete(delete.range());
            case Command.Transaction transaction -> transact(transaction);
            case Command.GrantLease grant -> {
                leases.put(++revision, new Lease(grant.ttl(), grant.ttl(), 0, false));
                yield new Outcome.LeaseGranted(revision, grant.ttl());
            }
            case Command.KeepLeaseAlive keep -> {
                Lease lease = lease(keep.lease());
                leases.put(keep.lease(), new Lease(lease.ttl(), lease.ttl(), lease.keepalives() + 1, lease.own()));
                yield new Outcome.LeaseKept(keep.lease(), lease.ttl(), lease.keepalives() + 1);
            }
            case Command.RevokeLease revoke -> endLease(revoke.lease());
            case Command.ExpireLease expire -> {
                requireEpoch(expire.epoch());
                if (lease(expire.lease()).keepalives() != expire.keepalives()) {
                    throw new Refusal(new Outcome.Superseded(""));
                }
                yield endLease(expire.lease());
            }
            case Command.Compact compact -> {
                if (compact.revision() > revision) {
                    throw new Refusal(new Outcome.RevisionAhead(revision));
                }
                compacted = Math.max(compacted, compact.revision());
                yield new Outcome.Compacted(compacted);
            }
            case Command.Restore restore -> restore(restore);
            case Command.ForgetHistory forget -> {
                if (forget.epoch() != epoch || forget.revision() <= compacted) {
                    throw new Refusal(new Outcome.Superseded(""));
                }
                compacted = forget.revision();
                yield new Outcome.Compacted(compacted);
            }
            case Command.CheckpointLeases checkpoint -> {
                requireEpoch(checkpoint.epoch());
                checkpoint
                        .remaining()
                        .forEach(remaining -> leases.computeIfPresent(
                                remaining.lease(),
                                (id, lease) -> lease.keepalives() != remaining.keepalives()
                                        ? lease
                                        : new Lease(
                                                lease.ttl(),
                                                remaining.left().compareTo(lease.ttl()) < 0
                                                        ? remaining.left()
                                                        : lease.ttl(),
                                                lease.keepalives(),
                                                lease.own())));
                yield new Outcome.Acknowledged();
            }
            default -> throw new IllegalArgumentException("not in this model: " + command);
        };
    }

    private Outcome transact(Command.Transaction transaction) {
        boolean succeeded = transaction.comparisons().stream().allMatch(this::holds);
        long before = revision;
        long now = revision + 1;
        boolean wrote = false;
        List<Result> results = new ArrayList<>();
        for (Operation operation : succeeded ? transaction.success() : transaction.failure()) {
            switch (operation) {
                case Operation.Put put -> {
                    revision = now;
                    Live live = put(put.key(), put.value(), put.contentType(), leaseFor(put.lease(), now));
                    results.add(new Result.Put(now, live.version(), live.version() == 1));
                    wrote = true;
                }
                case Operation.Get get ->
                    results.add(new Result.Get(
                            Optional.ofNullable(keys.get(get.key())).map(live -> new Outcome.Item(get.key(), live))));
                case Operation.Delete delete -> {
                    int count = removeAll(delete.range());
                    wrote |= count > 0;
                    results.add(new Result.Deleted(count));
                }
                case Operation.Range range -> {
                    List<Outcome.Item> items = keys.entrySet().stream()
                            .filter(entry -> range.range().contains(entry.getKey()))
                            .map(entry -> new Outcome.Item(entry.getKey(), entry.getValue()))
                            .toList();
                    int count = Math.min(items.size(), range.limit());
                    results.add(new Result.Range(items.subList(0, count), items.size() > count));
                }
            }
        }
        revision = wrote ? now : before;
        return new TransactionDone(succeeded, revision, results);
    }

    private Live put(Key key, Bytes value, String contentType, long lease) {
        Live former = keys.get(key);
        Live live = former == null
                ? new Live(revision, revision, 1, lease, contentType, value)
                : new Live(former.createRevision(), revision, former.version() + 1, lease, contentType, value);
        keys.put(key, live);
        return live;
    }

    private Outcome delete(KeyRange range) {
        int count = removeAll(range);
        if (count > 0) {
            revision++;
        }
        return new Outcome.Deleted(revision, count);
    }

    private int removeAll(KeyRange range) {
        int before = keys.size();
        keys.keySet().removeIf(range::contains);
        return before - keys.size();
    }

    private Outcome endLease(long id) {
        lease(id);
        int count = keysOf(id);
        keys.values().removeIf(live -> live.lease() == id);
        leases.remove(id);
        return new Outcome.LeaseEnded(++revision, count);
    }

    int keysOf(long lease) {
        return (int)
                keys.values().stream().filter(live -> live.lease() == lease).count();
    }

    private long leaseFor(LeaseChoice choice, long now) {
        return switch (choice) {
            case LeaseChoice.None none -> 0;
            case LeaseChoice.Existing existing -> {
                if (!leases.containsKey(existing.lease())) {
                    throw new Refusal(new Outcome.LeaseNotFound(existing.lease()));
                }
                yield existing.lease();
            }
            case LeaseChoice.Own own -> {
                leases.put(now, new Lease(own.ttl(), own.ttl(), 0, true));
                yield now;
            }
        };
    }

    private Lease lease(long id) {
        return Optional.ofNullable(leases.get(id)).orElseThrow(() -> new Refusal(new Outcome.LeaseUnknown(id)));
    }

    private void requireEpoch(long wanted) {
        if (wanted != epoch) {
            throw new Refusal(new Outcome.Superseded(""));
        }
    }

    private void require(Key key, Command.Precondition precondition) {
        Live live = keys.get(key);
        boolean matches = precondition.ifMatch() instanceof Match.Absent || matches(precondition.ifMatch(), live);
        if (!matches || matches(precondition.ifNoneMatch(), live)) {
            throw new Refusal(new Outcome.PreconditionFailed(key, live == null ? 0 : live.modRevision()));
        }
    }

    private static boolean matches(Match match, Live live) {
        if (live == null || match instanceof Match.Absent) {
            return false;
        }
        return !(match instanceof Match.OneOf of) || of.revisions().contains(live.modRevision());
    }

    private boolean holds(Comparison comparison) {
        Live live = keys.get(comparison.key());
        int order;
        if (comparison instanceof Comparison.OfValue value) {
            if (live == null) {
                return false;
            }
            order = live.value().compareTo(value.operand());
        } else {
            Comparison.OfNumber number = (Comparison.OfNumber) comparison;
            long actual = live == null
                    ? 0
                    : List.of(live.version(), live.createRevision(), live.modRevision())
                            .get(number.field().ordinal());
            order = Long.compare(actual, number.operand());
        }
        return List.of(order == 0, order != 0, order < 0, order > 0)
                .get(comparison.relation().ordinal());
    }
}
