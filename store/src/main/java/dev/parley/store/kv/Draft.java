package dev.parley.store.kv;

import dev.parley.store.kv.Leases.Lease;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version.Live;
import dev.parley.store.kv.Version.Tombstone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one command is about to change, all in one revision. Reads see what was drafted before; the map changes only
 * with {@link #commit}. Which keys leave which lease follows from the versions before and after, so no command has to
 * think of it.
 */
final class Draft {
    private final BatchRun run;
    private final Map<Key, Numbers> before = new HashMap<>(4);
    private final Map<Key, Version> after = new LinkedHashMap<>(4);
    private final TreeSet<Long> ended = new TreeSet<>();
    private Optional<Lease> granted = Optional.empty();
    private boolean touched;

    Draft(BatchRun run) {
        this.run = run;
    }

    /** The numbers of a key; all 0 when it is missing. Kept instead of versions, whose values may be large. */
    record Numbers(long createRevision, long modRevision, long version, long lease) {
        static final Numbers OF_MISSING = new Numbers(0, 0, 0, LeaseId.NONE);

        static Numbers of(Version version) {
            return switch (version) {
                case Live live -> new Numbers(live.createRevision(), live.modRevision(), live.version(), live.lease());
                case Tombstone gone -> OF_MISSING;
            };
        }

        static Numbers of(Optional<Live> live) {
            return live.map(Numbers::of).orElse(OF_MISSING);
        }

        boolean exists() {
            return version > 0;
        }
    }

    /** The revision this makes, if it makes one. */
    long revision() {
        return run.nextRevision();
    }

    /** The key as the command found it. */
    Numbers before(Key key) {
        return before.computeIfAbsent(
                key, wanted -> live(wanted, run).map(Numbers::of).orElse(Numbers.OF_MISSING));
    }

    /** The key as it stands in this draft. */
    Numbers numbers(Key key) {
        Version drafted = after.get(key);
        return drafted == null ? before(key) : Numbers.of(drafted);
    }

    /** The key with its value, as it stands in this draft. */
    Optional<Live> live(Key key) {
        Version drafted = after.get(key);
        if (drafted == null) {
            return live(key, run);
        }
        return drafted instanceof Live value ? Optional.of(value) : Optional.empty();
    }

    private static Optional<Live> live(Key key, BatchRun run) {
        return run.map().liveAt(Keyspace.KV, key, run.revision());
    }

    int keysWritten() {
        return after.size();
    }

    /** @param lease must exist or be the one granted here; {@link LeaseId#NONE} for none */
    Live put(Key key, Bytes value, String contentType, long lease) {
        Numbers former = numbers(key);
        long created = former.exists() ? former.createRevision() : revision();
        Live live = new Live(created, revision(), former.version() + 1, lease, contentType, value);
        after.put(key, live);
        touched = true;
        return live;
    }

    /** @return whether there was something to delete */
    boolean delete(Key key) {
        if (!numbers(key).exists()) {
            return false;
        }
        after.put(key, new Tombstone(revision()));
        touched = true;
        return true;
    }

    /**
     * Deletes at most {@code countMax} keys of the range, the first ones.
     *
     * @return how many it found, counting at most one more than {@code countMax}
     */
    int delete(KeyRange range, int countMax) {
        List<Key> found = new ArrayList<>();
        scan(range, (key, live) -> {
            before.putIfAbsent(key, Numbers.of(live));
            found.add(key);
            return found.size() <= countMax;
        });
        found.stream().limit(countMax).forEach(this::delete);
        return found.size();
    }

    /** Visits the live keys of the range as they stand in this draft, in their order. */
    void scan(KeyRange range, MapView.Visitor visitor) {
        if (range.isEmpty()) {
            return;
        }
        SortedMap<Key, Version> drafted = new TreeMap<>();
        after.forEach((key, version) -> {
            if (range.contains(key)) {
                drafted.put(key, version);
            }
        });
        if (drafted.isEmpty()) {
            run.map().scan(Keyspace.KV, range, run.revision(), false, visitor);
        } else {
            new OverlaidScan(drafted, visitor).over(run, range);
        }
    }

    /** Grants a lease whose id is the revision of this draft. Once per draft. */
    long grant(Duration ttl, boolean own) {
        granted = Optional.of(new Lease(revision(), ttl, ttl, 0, 0, 0, own));
        touched = true;
        return revision();
    }

    /**
     * Ends a lease and deletes its keys.
     *
     * @return how many keys
     */
    int end(long lease) {
        List<Key> keys = Leases.keys(run.map(), lease);
        keys.forEach(this::delete);
        ended.add(lease);
        touched = true;
        return keys.size();
    }

    /** The refusal when a lease would get more keys than it may have. */
    Optional<Outcome> leaseRefusal() {
        for (Map.Entry<Long, Integer> gain : leaseGains().entrySet()) {
            int keys = Leases.find(run.map(), gain.getKey()).map(Lease::keys).orElse(0);
            if (gain.getValue() > 0 && keys + gain.getValue() > Limits.KEYS_PER_LEASE_MAX) {
                return Optional.of(new Outcome.LimitReached("keys-per-lease", Limits.KEYS_PER_LEASE_MAX));
            }
        }
        return Optional.empty();
    }

    /** By how many keys each lease grows or shrinks. */
    private SortedMap<Long, Integer> leaseGains() {
        SortedMap<Long, Integer> gains = new TreeMap<>();
        after.forEach((key, version) -> {
            long from = before(key).lease();
            long to = Numbers.of(version).lease();
            if (from != to) {
                gains.merge(from, -1, Integer::sum);
                gains.merge(to, 1, Integer::sum);
            }
        });
        gains.remove(LeaseId.NONE);
        return gains;
    }

    /**
     * Makes the revision, if anything was drafted.
     *
     * @return newest revision after it; if it ended leases that held locks, more may follow for those who waited
     */
    long commit(String author) {
        if (!touched) {
            return run.revision();
        }
        List<Change> changes = new ArrayList<>(after.size() + 1);
        SortedMap<Long, Integer> gains = leaseGains();
        after.forEach((key, version) -> write(key, version, changes));
        granted.ifPresent(lease -> {
            Leases.grant(run.map(), lease);
            changes.add(new Change(Keyspace.LEASE, Leases.keyOf(lease.id())));
        });
        gains.forEach(this::resize);
        Set<LockName> freed = new LinkedHashSet<>();
        for (long lease : ended) {
            freed.addAll(Claims.drop(run.map(), lease, revision(), changes));
            Leases.end(run.map(), lease, revision());
            changes.add(new Change(Keyspace.LEASE, Leases.keyOf(lease)));
        }
        run.commit(author, changes);
        long made = run.revision();
        freed.forEach(lock -> LockCommands.grantNext(run, lock));
        return made;
    }

    private void write(Key key, Version version, List<Change> changes) {
        Numbers former = before(key);
        if (version instanceof Tombstone && !former.exists()) {
            return; // put and deleted again within this very command
        }
        run.map().put(Keyspace.KV, key, version);
        changes.add(new Change(Keyspace.KV, key));
        long lease = Numbers.of(version).lease();
        if (former.lease() != lease) {
            if (former.lease() != LeaseId.NONE) {
                Leases.detach(run.map(), former.lease(), key);
            }
            if (lease != LeaseId.NONE) {
                Leases.attach(run.map(), lease, key);
            }
        }
    }

    private void resize(long id, int gain) {
        Leases.find(run.map(), id).ifPresent(lease -> {
            Lease resized = lease.withKeys(lease.keys() + gain);
            Leases.put(run.map(), resized);
            if (resized.isOverWithItsUse()) {
                ended.add(id);
            }
        });
    }
}
