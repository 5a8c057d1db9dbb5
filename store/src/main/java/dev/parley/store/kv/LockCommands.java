package dev.parley.store.kv;

import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Leases.Lease;
import dev.parley.store.kv.Lock.Claim;
import dev.parley.store.kv.Lock.Holder;
import dev.parley.store.kv.Lock.Waiter;
import dev.parley.store.kv.LockCommand.Acquire;
import dev.parley.store.kv.RevisionRecord.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Grants and ends of locks, semaphores and elections. A grant is one revision and nothing else is in it but a lease made
 * for it; a release is one, and each grant that follows from it is the next, within the same command. To wait makes
 * no revision.
 */
final class LockCommands {
    private LockCommands() {}

    static Outcome decide(BatchRun run, String author, LockCommand command) {
        return switch (command) {
            case Acquire acquire -> acquire(run, author, acquire);
            case LockCommand.GiveUp giveUp -> giveUp(run, author, giveUp);
            case LockCommand.Release release -> release(run, author, release);
            case LockCommand.SetCandidateValue set -> setValue(run, author, set);
            case LockCommand.PutGuard put -> Guards.put(run, author, put);
            case LockCommand.DeleteGuard delete -> Guards.delete(run, author, delete);
        };
    }

    private static Outcome acquire(BatchRun run, String author, Acquire acquire) {
        Optional<Outcome> refusal = LeaseCommands.choiceRefusal(run, acquire.lease());
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Lock lock = Locks.find(run.map(), acquire.lock()).orElseGet(() -> Lock.unused(acquire.limit()));
        if (lock.limit() != acquire.limit()) {
            return new Outcome.LimitDiffers(acquire.lock(), lock.limit());
        }
        return switch (acquire.lease()) {
            case LeaseChoice.Existing(long lease) -> acquire(run, author, acquire, lock, lease);
            case LeaseChoice.Own own -> claim(run, author, acquire, lock, run.nextRevision());
            case LeaseChoice.None none -> throw new IllegalStateException("a lock without a lease");
        };
    }

    /** Whoever asks again gets the same grant, or keeps the place in the queue. */
    private static Outcome acquire(BatchRun run, String author, Acquire acquire, Lock lock, long lease) {
        Optional<Holder> held = lock.holder(lease, acquire.owner());
        if (held.isPresent()) {
            return held.get().claim().permits() == acquire.permits()
                    ? new Outcome.LockGranted(acquire.lock(), held.get(), false)
                    : Outcome.LockHeld.by(lock);
        }
        Optional<Waiter> waiting = lock.waiter(lease, acquire.owner());
        if (waiting.isPresent()) {
            boolean takesOver = acquire.queue() && waiting.get().claim().permits() == acquire.permits();
            return takesOver ? takeOver(run, acquire, lock, waiting.get()) : Outcome.LockHeld.by(lock);
        }
        return Claims.refusal(run.map(), lease).orElseGet(() -> claim(run, author, acquire, lock, lease));
    }

    private static Outcome takeOver(BatchRun run, Acquire acquire, Lock lock, Waiter place) {
        long ask = nextAsk(run.map());
        Locks.put(run.map(), acquire.lock(), lock.withAsk(place, ask));
        return new Outcome.LockQueued(acquire.lock(), new Waiter(ask, place.claim()));
    }

    private static Outcome claim(BatchRun run, String author, Acquire acquire, Lock lock, long lease) {
        Claim claim = new Claim(lease, acquire.owner(), acquire.permits());
        if (lock.isFreeFor(acquire.permits())) {
            List<Change> changes = ownLease(run, acquire);
            Claims.attach(run.map(), acquire.lock(), claim);
            Holder holder = new Holder(run.nextRevision(), 0, claim, acquire.value());
            Locks.put(run.map(), acquire.lock(), grant(run, author, acquire.lock(), lock, holder, changes));
            return new Outcome.LockGranted(acquire.lock(), holder, true);
        }
        if (!acquire.queue()) {
            return Outcome.LockHeld.by(lock);
        }
        return lock.waiters().size() < Limits.WAITERS_PER_LOCK_MAX
                ? queue(run, author, acquire, lock, claim)
                : new Outcome.LimitReached("waiters-per-lock", Limits.WAITERS_PER_LOCK_MAX);
    }

    private static Outcome queue(BatchRun run, String author, Acquire acquire, Lock lock, Claim claim) {
        List<Change> changes = ownLease(run, acquire);
        if (!changes.isEmpty()) {
            run.commit(author, changes);
        }
        Claims.attach(run.map(), acquire.lock(), claim);
        if (acquire.value().size() > 0) {
            run.map().putCell(Cells.candidate(acquire.lock(), claim), acquire.value());
        }
        Waiter waiter = new Waiter(nextAsk(run.map()), claim);
        Locks.put(run.map(), acquire.lock(), lock.with(waiter));
        return new Outcome.LockQueued(acquire.lock(), waiter);
    }

    /** A lease made for this claim alone, of the next revision; a list, so that what follows can share the revision. */
    private static List<Change> ownLease(BatchRun run, Acquire acquire) {
        List<Change> changes = new ArrayList<>();
        if (acquire.lease() instanceof LeaseChoice.Own own) {
            Lease lease = new Lease(run.nextRevision(), own.ttl(), own.ttl(), 0, 0, 0, true);
            Leases.grant(run.map(), lease);
            changes.add(new Change(Keyspace.LEASE, Leases.keyOf(lease.id())));
        }
        return changes;
    }

    private static long nextAsk(StateMap map) {
        long ask = Cells.number(map, Cells.ASKS, 0) + 1;
        Cells.putNumber(map, Cells.ASKS, ask);
        return ask;
    }

    private static Lock grant(
            BatchRun run, String author, LockName name, Lock lock, Holder holder, List<Change> changes) {
        Claim claim = holder.claim();
        Locks.putGrant(run.map(), name, holder, run.nextRevision(), 1);
        changes.add(new Change(Keyspace.LOCK, name.grantKey(claim.lease(), claim.owner())));
        run.commit(author, changes);
        return lock.with(holder);
    }

    /** Serves those who can be served now, each in a revision of its own. */
    static void grantNext(BatchRun run, LockName name) {
        Locks.find(run.map(), name)
                .filter(lock -> lock.next().isPresent())
                .ifPresent(lock -> grantNext(run, name, lock));
    }

    private static void grantNext(BatchRun run, LockName name, Lock before) {
        Lock lock = before;
        for (Optional<Waiter> next = lock.next(); next.isPresent(); next = lock.next()) {
            lock = grant(run, "", name, lock, holderOf(run, name, next.get()), new ArrayList<>());
        }
        Locks.put(run.map(), name, lock);
    }

    /** A lease made for the claim begins anew with the grant: until now nobody but the node knew of it. */
    private static Holder holderOf(BatchRun run, LockName name, Waiter waiter) {
        Bytes cell = Cells.candidate(name, waiter.claim());
        Bytes value = run.map().cell(cell).orElse(Bytes.EMPTY);
        run.map().removeCell(cell);
        Leases.find(run.map(), waiter.claim().lease())
                .filter(Lease::own)
                .ifPresent(lease -> Leases.put(run.map(), lease.keptAlive()));
        return new Holder(run.nextRevision(), waiter.ask(), waiter.claim(), value);
    }

    private static Outcome release(BatchRun run, String author, LockCommand.Release release) {
        Lock lock = Locks.find(run.map(), release.lock()).orElseGet(() -> Lock.unused(1));
        return lock.holder(release.token())
                .map(held -> end(run, author, release.lock(), lock, held.claim()))
                .orElseGet(() -> new Outcome.NotHolder(release.lock(), release.token()));
    }

    private static Outcome end(BatchRun run, String author, LockName name, Lock lock, Claim claim) {
        List<Change> changes = new ArrayList<>();
        Lock left = Claims.remove(run.map(), name, lock, claim, run.nextRevision(), changes);
        Claims.detach(run.map(), name, claim, run.nextRevision(), changes);
        if (!changes.isEmpty()) {
            run.commit(author, changes);
        }
        long revision = run.revision();
        grantNext(run, name, left);
        return new Outcome.LockReleased(revision);
    }

    /** Only the request that waits may give up the place, or it would take it from one that took it over. */
    private static Outcome giveUp(BatchRun run, String author, LockCommand.GiveUp giveUp) {
        Lock lock = Locks.find(run.map(), giveUp.lock()).orElseGet(() -> Lock.unused(1));
        Optional<Waiter> waiter =
                lock.waiter(giveUp.lease(), giveUp.owner()).filter(waiting -> waiting.ask() == giveUp.ask());
        if (waiter.isPresent()) {
            end(run, author, giveUp.lock(), lock, waiter.get().claim());
            return Outcome.LockGivenUp.by(Locks.find(run.map(), giveUp.lock()).orElseGet(() -> Lock.unused(1)));
        }
        Optional<Holder> holder =
                lock.holder(giveUp.lease(), giveUp.owner()).filter(held -> held.ask() == giveUp.ask());
        if (holder.isEmpty()) {
            return Outcome.LockGivenUp.by(lock);
        }
        return giveUp.release()
                ? end(run, author, giveUp.lock(), lock, holder.get().claim())
                : new Outcome.LockGranted(giveUp.lock(), holder.get(), true);
    }

    private static Outcome setValue(BatchRun run, String author, LockCommand.SetCandidateValue set) {
        Optional<Lock> lock = Locks.find(run.map(), set.lock());
        Optional<Holder> found = lock.flatMap(held -> held.holder(set.token()));
        if (found.isEmpty()) {
            return new Outcome.NotHolder(set.lock(), set.token());
        }
        Holder holder = found.get();
        Claim claim = holder.claim();
        Key key = set.lock().grantKey(claim.lease(), claim.owner());
        long version = run.map()
                .liveAt(Keyspace.LOCK, key, run.revision())
                .map(Version.Live::version)
                .orElse(0L);
        Holder renewed = holder.withValue(set.value());
        Locks.putGrant(run.map(), set.lock(), renewed, run.nextRevision(), version + 1);
        Locks.put(run.map(), set.lock(), lock.get().withValue(holder, set.value()));
        run.commit(author, List.of(new Change(Keyspace.LOCK, key)));
        return new Outcome.LockGranted(set.lock(), renewed, false);
    }
}
