package dev.parley.store.kv;

import dev.parley.store.kv.Lock.Claim;
import dev.parley.store.kv.Lock.Holder;
import dev.parley.store.kv.Lock.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What locks should do, in the plainest words: one list of everybody who ever asked and did not leave, in the order in
 * which they asked; after each command whoever is first in it without a grant is served, if there is room. Slow, and
 * therefore the judge.
 */
final class NaiveLocks {
    /** @param token 0 while it waits */
    private record Entry(LockName lock, Claim claim, int limit, long ask, long token, Bytes value) {
        boolean isOf(LockName name, long lease, String owner) {
            return lock.equals(name) && claim.lease() == lease && claim.owner().equals(owner);
        }

        boolean waits() {
            return token == 0;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    /** Leases that exist, and whether they were made for one claim. */
    final Map<Long, Boolean> leases = new TreeMap<>();

    long revision;
    private long asks;

    List<Holder> holders(LockName name) {
        return entries.stream()
                .filter(entry -> entry.lock().equals(name) && !entry.waits())
                .map(entry -> new Holder(entry.token(), entry.ask(), entry.claim(), entry.value()))
                .sorted(java.util.Comparator.comparingLong(Holder::token))
                .toList();
    }

    List<Waiter> waiters(LockName name) {
        return entries.stream()
                .filter(entry -> entry.lock().equals(name) && entry.waits())
                .map(entry -> new Waiter(entry.ask(), entry.claim()))
                .toList();
    }

    private int taken(LockName name) {
        return holders(name).stream()
                .mapToInt(holder -> holder.claim().permits())
                .sum();
    }

    Outcome run(Command command) {
        return switch (command) {
            case Command.GrantLease grant -> {
                leases.put(++revision, false);
                yield new Outcome.LeaseGranted(revision, grant.ttl());
            }
            case Command.RevokeLease revoke -> revoke(revoke.lease());
            case LockCommand.Acquire acquire -> acquire(acquire);
            case LockCommand.Release release -> {
                List<Entry> held = entries.stream()
                        .filter(entry -> entry.lock().equals(release.lock()) && entry.token() == release.token())
                        .toList();
                yield held.isEmpty()
                        ? new Outcome.NotHolder(release.lock(), release.token())
                        : release(held.getFirst());
            }
            case LockCommand.GiveUp giveUp -> giveUp(giveUp);
            default -> throw new IllegalArgumentException("not in this model: " + command);
        };
    }

    private Outcome revoke(long lease) {
        if (leases.remove(lease) == null) {
            return new Outcome.LeaseUnknown(lease);
        }
        long ended = ++revision;
        entries.removeIf(entry -> entry.claim().lease() == lease);
        serve();
        return new Outcome.LeaseEnded(ended, 0);
    }

    private Outcome acquire(LockCommand.Acquire acquire) {
        LockName name = acquire.lock();
        boolean own = acquire.lease() instanceof Command.LeaseChoice.Own;
        long lease = acquire.lease() instanceof Command.LeaseChoice.Existing(long id) ? id : revision + 1;
        if (!own && !leases.containsKey(lease)) {
            return new Outcome.LeaseNotFound(lease);
        }
        int limit = entries.stream()
                .filter(entry -> entry.lock().equals(name))
                .mapToInt(Entry::limit)
                .findFirst()
                .orElse(acquire.limit());
        if (limit != acquire.limit()) {
            return new Outcome.LimitDiffers(name, limit);
        }
        for (Entry entry : entries) {
            if (entry.isOf(name, lease, acquire.owner())) {
                return askAgain(acquire, entry);
            }
        }
        Claim claim = new Claim(lease, acquire.owner(), acquire.permits());
        boolean free = waiters(name).isEmpty() && taken(name) + acquire.permits() <= limit;
        if (!free && !acquire.queue()) {
            return held(name);
        }
        if (own) {
            leases.put(lease, true);
        }
        if (free) {
            Entry entry = new Entry(name, claim, limit, 0, ++revision, acquire.value());
            entries.add(entry);
            return new Outcome.LockGranted(name, new Holder(revision, 0, claim, acquire.value()), true);
        }
        revision += own ? 1 : 0;
        entries.add(new Entry(name, claim, limit, ++asks, 0, acquire.value()));
        return new Outcome.LockQueued(name, new Waiter(asks, claim));
    }

    private Outcome askAgain(LockCommand.Acquire acquire, Entry entry) {
        if (entry.claim().permits() != acquire.permits() || entry.waits() && !acquire.queue()) {
            return held(acquire.lock());
        }
        if (!entry.waits()) {
            Holder holder = new Holder(entry.token(), entry.ask(), entry.claim(), entry.value());
            return new Outcome.LockGranted(acquire.lock(), holder, false);
        }
        Entry renewed = new Entry(entry.lock(), entry.claim(), entry.limit(), ++asks, 0, entry.value());
        entries.set(entries.indexOf(entry), renewed);
        return new Outcome.LockQueued(acquire.lock(), new Waiter(asks, entry.claim()));
    }

    private Outcome held(LockName name) {
        return new Outcome.LockHeld(holders(name), waiters(name));
    }

    private Outcome giveUp(LockCommand.GiveUp giveUp) {
        for (Entry entry : List.copyOf(entries)) {
            if (entry.isOf(giveUp.lock(), giveUp.lease(), giveUp.owner()) && entry.ask() == giveUp.ask()) {
                if (entry.waits()) {
                    release(entry);
                    break;
                }
                return giveUp.release()
                        ? release(entry)
                        : new Outcome.LockGranted(
                                giveUp.lock(),
                                new Holder(entry.token(), entry.ask(), entry.claim(), entry.value()),
                                true);
            }
        }
        return new Outcome.LockGivenUp(holders(giveUp.lock()), waiters(giveUp.lock()));
    }

    private Outcome release(Entry entry) {
        entries.remove(entry);
        boolean leaseEnds = leases.getOrDefault(entry.claim().lease(), false)
                && entries.stream()
                        .noneMatch(
                                other -> other.claim().lease() == entry.claim().lease());
        if (leaseEnds) {
            leases.remove(entry.claim().lease());
        }
        revision += leaseEnds || !entry.waits() ? 1 : 0;
        long released = revision;
        serve();
        return new Outcome.LockReleased(released);
    }

    /** Locks in the order of their names: a lease holds and awaits its claims in that order. */
    private void serve() {
        entries.stream()
                .map(Entry::lock)
                .distinct()
                .sorted(java.util.Comparator.comparing(LockName::toString))
                .forEach(this::serve);
    }

    private void serve(LockName name) {
        for (Entry entry : List.copyOf(entries)) {
            if (entry.lock().equals(name) && entry.waits()) {
                if (taken(name) + entry.claim().permits() > entry.limit()) {
                    return;
                }
                entries.set(
                        entries.indexOf(entry),
                        new Entry(name, entry.claim(), entry.limit(), entry.ask(), ++revision, entry.value()));
            }
        }
    }
}
