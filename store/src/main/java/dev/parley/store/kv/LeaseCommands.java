package dev.parley.store.kv;

import dev.parley.store.kv.Command.CheckpointLeases;
import dev.parley.store.kv.Command.CheckpointLeases.Remaining;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Leases.Lease;
import java.util.Optional;

/**
 * Grants, keepalives and ends of leases. A grant and an end make a revision each, with or without keys, because they
 * change {@link Keyspace#LEASE}; a keepalive and a checkpoint make none.
 */
final class LeaseCommands {
    private LeaseCommands() {}

    /** Why a key cannot be given this lease, whatever the key. */
    static Optional<Outcome> choiceRefusal(BatchRun run, LeaseChoice choice) {
        return switch (choice) {
            case LeaseChoice.None none -> Optional.empty();
            case LeaseChoice.Existing existing ->
                Leases.find(run.map(), existing.lease()).isPresent()
                        ? Optional.empty()
                        : Optional.of(new Outcome.LeaseNotFound(existing.lease()));
            case LeaseChoice.Own own -> grantRefusal(run);
        };
    }

    private static Optional<Outcome> grantRefusal(BatchRun run) {
        return Leases.count(run.map()) < Limits.LEASES_MAX
                ? Optional.empty()
                : Optional.of(new Outcome.LimitReached("leases", Limits.LEASES_MAX));
    }

    static Outcome grant(BatchRun run, String author, Command.GrantLease grant) {
        return grantRefusal(run).orElseGet(() -> {
            Draft draft = new Draft(run);
            long lease = draft.grant(grant.ttl(), false);
            draft.commit(author);
            return new Outcome.LeaseGranted(lease, grant.ttl());
        });
    }

    static Outcome keepAlive(BatchRun run, Command.KeepLeaseAlive keep) {
        Optional<Lease> lease = Leases.find(run.map(), keep.lease()).map(Lease::keptAlive);
        lease.ifPresent(kept -> Leases.put(run.map(), kept));
        return lease.<Outcome>map(kept -> new Outcome.LeaseKept(kept.id(), kept.ttl(), kept.keepalives()))
                .orElseGet(() -> new Outcome.LeaseUnknown(keep.lease()));
    }

    static Outcome revoke(BatchRun run, String author, Command.RevokeLease revoke) {
        return Leases.find(run.map(), revoke.lease()).isPresent()
                ? end(run, author, revoke.lease())
                : new Outcome.LeaseUnknown(revoke.lease());
    }

    static Outcome expire(BatchRun run, String author, Command.ExpireLease expire) {
        Optional<Lease> lease = Leases.find(run.map(), expire.lease());
        if (lease.isEmpty()) {
            return new Outcome.LeaseUnknown(expire.lease());
        }
        return lease.get().keepalives() == expire.keepalives()
                ? end(run, author, expire.lease())
                : new Outcome.Superseded("lease " + expire.lease() + " was kept alive "
                        + lease.get().keepalives() + " times, not " + expire.keepalives());
    }

    private static Outcome end(BatchRun run, String author, long lease) {
        Draft draft = new Draft(run);
        int keys = draft.end(lease);
        return new Outcome.LeaseEnded(draft.commit(author), keys);
    }

    /** Each remaining time stands for itself: one that a keepalive overtook is passed over. */
    static Outcome checkpoint(BatchRun run, CheckpointLeases checkpoint) {
        for (Remaining remaining : checkpoint.remaining()) {
            Leases.find(run.map(), remaining.lease())
                    .filter(lease -> lease.keepalives() == remaining.keepalives())
                    .ifPresent(lease -> Leases.put(run.map(), lease.withLeft(remaining.left())));
        }
        return new Outcome.Acknowledged();
    }
}
