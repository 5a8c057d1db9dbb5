package dev.parley.store.kv;

import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.ConfigCommand.CastVote;
import dev.parley.store.kv.ConfigCommand.Propose;
import dev.parley.store.kv.Proposal.Verdict;
import dev.parley.store.kv.Proposal.Vote;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version.Live;
import dev.parley.store.kv.Version.Tombstone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Agreement on the configuration, by votes in the log. A proposal and its end make a revision each; a commit is in the
 * revision of the end. What holds when it is proposed is looked at again when it is committed, because a pending
 * proposal locks nothing.
 */
final class ConfigCommands {
    private static final Outcome ACKNOWLEDGED = new Outcome.Acknowledged();

    private ConfigCommands() {}

    static Outcome decide(BatchRun run, Submission submission, ConfigCommand command) {
        return switch (command) {
            case Propose propose -> propose(run, submission, propose);
            case CastVote vote -> vote(run, vote);
            case ConfigCommand.AbortProposal abort -> abort(run, abort);
            case ConfigCommand.PutSchema put -> SchemaCommands.put(run, submission.author(), put);
            case ConfigCommand.DeleteSchema delete -> SchemaCommands.delete(run, submission.author(), delete);
            case ConfigCommand.ReportConfig report -> ConfigAcks.report(run, submission.author(), report);
        };
    }

    private static Outcome propose(BatchRun run, Submission submission, Propose propose) {
        List<String> voters =
                Members.all(run.map()).stream().map(Members.Member::node).toList();
        int required = propose.quorum().of(voters.size());
        if (!voters.contains(run.node()) || required > voters.size()) {
            return new Outcome.QuorumImpossible(required, voters.size());
        }
        Proposal proposal = new Proposal(
                run.nextRevision(),
                run.node(),
                submission.author(),
                propose.comment(),
                run.atMillis(),
                propose.timeoutMillis(),
                propose.changes(),
                propose.precondition(),
                submission.fences(),
                Schemas.revision(run.map()),
                required,
                voters,
                List.of(),
                new Verdict.Pending());
        Optional<Outcome> refusal = refusal(run, proposal).or(() -> roomRefusal(run));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        List<Change> changes = new ArrayList<>(List.of(changeOf(proposal)));
        forgetOldest(run, changes);
        Proposals.put(run.map(), proposal, run.nextRevision());
        run.commit(submission.author(), changes);
        count(run, proposal.with(new Vote(run.node(), true, "")));
        return new Outcome.Proposed(proposal.id());
    }

    private static Change changeOf(Proposal proposal) {
        return new Change(Keyspace.PROPOSAL, Proposal.keyOf(proposal.id()));
    }

    private static Optional<Outcome> roomRefusal(BatchRun run) {
        return Proposals.pending(run.map()).size() < Limits.PROPOSALS_PENDING_MAX
                ? Optional.empty()
                : Optional.of(new Outcome.LimitReached("pending-proposals", Limits.PROPOSALS_PENDING_MAX));
    }

    /** The oldest that is not pending goes, once enough are remembered. */
    private static void forgetOldest(BatchRun run, List<Change> changes) {
        long count = Proposals.count(run.map());
        if (count >= Limits.PROPOSALS_KEPT_MAX) {
            List<Key> oldest = new ArrayList<>(1);
            run.map().scan(Keyspace.PROPOSAL, KeyRange.ALL, run.revision(), false, (key, live) -> {
                if (live.version() > 1) {
                    oldest.add(key);
                }
                return oldest.isEmpty();
            });
            for (Key key : oldest) {
                run.map().put(Keyspace.PROPOSAL, key, new Tombstone(run.nextRevision()));
                changes.add(new Change(Keyspace.PROPOSAL, key));
                count--;
            }
        }
        Cells.putNumber(run.map(), Cells.PROPOSAL_COUNT, count + 1);
    }

    // -- votes ----------------------------------------------------------------------------------------------------

    private static Outcome vote(BatchRun run, CastVote cast) {
        Optional<Proposal> proposal =
                Proposals.find(run.map(), cast.proposal()).filter(found -> found.awaits(run.node()));
        if (proposal.isEmpty()) {
            return new Outcome.Superseded(
                    "proposal " + cast.proposal() + " awaits no vote of " + run.node() + " (any more)");
        }
        count(run, proposal.get().with(new Vote(run.node(), cast.ack(), cast.reason())));
        return ACKNOWLEDGED;
    }

    private static void count(BatchRun run, Proposal voted) {
        if (voted.hasQuorum()) {
            Optional<Outcome> refusal = refusal(run, voted)
                    .or(() -> Locks.fenceRefusal(run.map(), voted.fences()))
                    .or(() -> schemaRefusal(run, voted));
            if (refusal.isPresent()) {
                end(run, voted, new Verdict.Refused(refusal.get()), List.of());
            } else {
                commit(run, voted);
            }
        } else if (voted.isImpossible()) {
            end(run, voted, new Verdict.Rejected(), List.of());
        } else {
            Proposals.putVotes(run.map(), voted);
        }
    }

    private static Optional<Outcome> schemaRefusal(BatchRun run, Proposal proposal) {
        return Schemas.revision(run.map()) == proposal.schemaRevision()
                ? Optional.empty()
                : Optional.of(new Outcome.Superseded("the schemas changed while the proposal was voted on"));
    }

    private static Outcome abort(BatchRun run, ConfigCommand.AbortProposal abort) {
        Optional<Proposal> pending = Proposals.find(run.map(), abort.proposal()).filter(Proposal::isPending);
        pending.ifPresent(proposal -> end(run, proposal, new Verdict.Aborted(), List.of()));
        return pending.isPresent()
                ? ACKNOWLEDGED
                : new Outcome.Superseded("proposal " + abort.proposal() + " is not pending (any more)");
    }

    private static void commit(BatchRun run, Proposal proposal) {
        List<Change> written = new ArrayList<>(proposal.changes().size());
        long revision = run.nextRevision();
        for (ConfigChange change : proposal.changes()) {
            Optional<Live> former = live(run, change.path());
            if (change.json().isPresent()) {
                run.map()
                        .put(
                                Keyspace.CONFIG,
                                change.path(),
                                next(former, revision, proposal, change.json().get()));
            } else if (former.isPresent()) {
                run.map().put(Keyspace.CONFIG, change.path(), new Tombstone(revision));
            } else {
                continue; // deleted by another since, or never there
            }
            written.add(new Change(Keyspace.CONFIG, change.path()));
        }
        end(run, proposal, new Verdict.Committed(revision), written);
    }

    private static Live next(Optional<Live> former, long revision, Proposal proposal, Bytes json) {
        ConfigEntry entry = new ConfigEntry(proposal.id(), proposal.node(), proposal.comment(), json);
        return new Live(
                former.map(Live::createRevision).orElse(revision),
                revision,
                former.map(Live::version).orElse(0L) + 1,
                LeaseId.NONE,
                "",
                entry.encode());
    }

    private static void end(BatchRun run, Proposal proposal, Verdict verdict, List<Change> written) {
        Proposal ended = proposal.ended(verdict);
        List<Change> changes = new ArrayList<>(written);
        changes.add(changeOf(ended));
        Proposals.put(run.map(), ended, run.nextRevision());
        run.commit(proposal.author(), changes);
    }

    private static Optional<Live> live(BatchRun run, Key path) {
        return run.map().liveAt(Keyspace.CONFIG, path, run.revision());
    }

    // -- conditions -----------------------------------------------------------------------------------------------

    /** Why it could not be committed right now: a path in the way of another, or a precondition. */
    private static Optional<Outcome> refusal(BatchRun run, Proposal proposal) {
        ConfigPaths paths = new ConfigPaths(run, proposal.changes());
        for (ConfigChange change : proposal.changes()) {
            Optional<Key> other = change.json().isPresent() ? paths.inTheWayOf(change.path()) : Optional.empty();
            if (other.isPresent()) {
                return Optional.of(new Outcome.PathConflict(change.path(), other.get()));
            }
        }
        if (proposal.precondition().equals(Precondition.NONE)) {
            return Optional.empty();
        }
        Key path = proposal.changes().getFirst().path();
        return KeyCommands.preconditionRefusal(path, Draft.Numbers.of(live(run, path)), proposal.precondition());
    }
}
