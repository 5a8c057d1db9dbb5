package dev.parley.http.api;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Leases;
import dev.parley.store.kv.Lock.Claim;
import dev.parley.store.kv.Lock.Holder;
import dev.parley.store.kv.LockCommand;
import dev.parley.store.kv.Locks;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateView;
import java.io.EOFException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * One request that waits in the agreed queue of a lock. The place is the cluster's; this only watches for the grant,
 * keeps a lease alive that nobody else knows of yet, and gives the place up when the wait is over or the client gone.
 * If the node dies the place is gone with its lease.
 */
final class LockWait {
    /** How long a client that hung up, an ended lease or a stop of the node go unnoticed. */
    private static final Duration SLICE = Duration.ofMillis(500);

    /** What a node without a newer state to wait for sleeps. */
    private static final Duration NAP = Duration.ofMillis(50);

    private static final Duration GIVE_UP_TIMEOUT = Duration.ofSeconds(30);

    record Parts(Replica replica, LongSupplier nanos, BooleanSupplier stopping) {}

    private final Parts parts;
    private final Request request;
    private final LockCommand.Acquire command;
    private final Outcome.LockQueued queued;
    private final Claim claim;
    private final Duration timeout;
    private final long deadlineNanos;
    private long nextKeepaliveNanos;
    private long seen;

    LockWait(
            Parts parts,
            Request request,
            LockCommand.Acquire command,
            Outcome.LockQueued queued,
            Duration wait,
            Duration timeout) {
        this.parts = parts;
        this.request = request;
        this.command = command;
        this.queued = queued;
        this.claim = queued.waiter().claim();
        this.timeout = timeout;
        this.deadlineNanos = now() + wait.toNanos();
        this.nextKeepaliveNanos = now() + keepaliveNanos().orElse(0L);
    }

    private long now() {
        return parts.nanos().getAsLong();
    }

    Answer answer() {
        while (true) {
            Optional<Answer> found = look();
            if (found.isPresent()) {
                return found.get();
            }
            if (request.isClientGone()) {
                parts.replica().submit(Submission.of(giveUp(true)), GIVE_UP_TIMEOUT, result -> {});
                throw new Request.ClientGone(new EOFException("the client hung up while it waited for a lock"));
            }
            if (parts.stopping().getAsBoolean()) {
                return leave(true);
            }
            long left = deadlineNanos - now();
            if (left <= 0) {
                return leave(false);
            }
            keepAlive();
            await(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
        }
    }

    private Optional<Answer> look() {
        Optional<StateView> newest = parts.replica().view();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        try (StateView view = newest.get()) {
            seen = Math.max(seen, view.position().revision());
            Optional<Holder> holder = Locks.grant(
                    view,
                    command.lock(),
                    claim.lease(),
                    claim.owner(),
                    view.position().revision());
            if (holder.isPresent()) {
                boolean fresh = holder.get().ask() == queued.waiter().ask();
                Outcome granted = new Outcome.LockGranted(command.lock(), holder.get(), fresh);
                return Optional.of(answer(new Result.Decided(granted, seen)));
            }
            if (Leases.find(view, claim.lease()).isEmpty()) {
                throw Problem.of(
                                ProblemType.LEASE_NOT_FOUND,
                                "/lease",
                                "Lease " + claim.lease() + " ended while the request waited.")
                        .header(Answer.REVISION, seen);
            }
            return Optional.empty();
        }
    }

    private Answer answer(Result result) {
        return Outcomes.answer(result, Outcomes.Asked.of(command));
    }

    private Command giveUp(boolean release) {
        return new LockCommand.GiveUp(
                command.lock(), claim.lease(), claim.owner(), queued.waiter().ask(), release);
    }

    /** The wait is over; in the last moment it may have been granted. */
    private Answer leave(boolean stopping) {
        Result result = parts.replica().submit(Submission.of(giveUp(stopping)), timeout);
        if (!(result instanceof Result.Decided)) {
            throw Outcomes.unknown(
                    "The wait is over, but the place in the queue could not be given up; it ends with its" + " lease "
                            + claim.lease() + " at the latest.");
        }
        if (stopping) {
            throw Outcomes.refusal(Replica.Refusal.STOPPING);
        }
        return answer(result);
    }

    private Optional<Long> keepaliveNanos() {
        return command.lease() instanceof LeaseChoice.Own(Duration ttl)
                ? Optional.of(ttl.toNanos() / 3)
                : Optional.empty();
    }

    private void keepAlive() {
        Optional<Long> period = keepaliveNanos();
        if (period.isPresent() && now() - nextKeepaliveNanos >= 0) {
            nextKeepaliveNanos = now() + period.get();
            Command keep = new Command.KeepLeaseAlive(claim.lease());
            parts.replica().submit(Submission.of(keep), GIVE_UP_TIMEOUT, result -> {});
        }
    }

    private void await(Duration slice) {
        KeyRange grant = KeyRange.single(command.lock().grantKey(claim.lease(), claim.owner()));
        long start = now();
        Replica.Change change = parts.replica().awaitFirstChange(Keyspace.LOCK, grant, seen, slice);
        seen = Math.max(seen, change.unchangedUpTo());
        long left = Math.min(NAP.toNanos(), slice.toNanos() - (now() - start));
        if (!change.found() && left > 0) {
            LockSupport.parkNanos(this, left);
        }
    }
}
