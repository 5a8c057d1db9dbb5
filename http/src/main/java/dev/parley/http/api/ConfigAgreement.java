package dev.parley.http.api;

import dev.parley.coordination.config.ConfigJudge;
import dev.parley.coordination.config.ConfigJudge.Fault;
import dev.parley.coordination.config.ConfigNews;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.ConfigChange;
import dev.parley.store.kv.ConfigCommand;
import dev.parley.store.kv.ConfigCommand.Propose.Quorum;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Proposal;
import dev.parley.store.kv.Proposal.Verdict;
import dev.parley.store.kv.Proposals;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The proposer's side of the agreement: judges, proposes, waits for what the log decides, and asks the members who has
 * it. What it answers comes from the state; when the time is over it says so in the log, and what comes first there counts.
 */
final class ConfigAgreement {
    /** What ending a proposal may take beyond the time the client gave. */
    private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration NAP = Duration.ofMillis(20);

    private final Replica replica;
    private final ConfigJudge judge;
    private final LongSupplier nanos;
    private final PeerReads peers;
    private final String node;
    private final ConfigNews news;

    ConfigAgreement(
            Replica replica, ConfigJudge judge, LongSupplier nanos, PeerReads peers, String node, ConfigNews news) {
        this.replica = replica;
        this.judge = judge;
        this.nanos = nanos;
        this.peers = peers;
        this.node = node;
        this.news = news;
    }

    /** Whose having applied it is waited for. */
    enum Applied {
        NONE,
        MAJORITY,
        ALL;

        int of(int members) {
            return switch (this) {
                case NONE -> 0;
                case MAJORITY -> members / 2 + 1;
                case ALL -> members;
            };
        }
    }

    record Asked(
            List<ConfigChange> changes,
            Quorum quorum,
            Applied applied,
            Precondition precondition,
            String comment,
            Duration timeout) {
        ConfigCommand.Propose command() {
            return new ConfigCommand.Propose(changes, quorum, precondition, comment, timeout.toMillis());
        }
    }

    /**
     * It is committed.
     *
     * @param appliedMillis after how many milliseconds each member was known to have it
     * @param pending members waited for in vain
     */
    record Agreed(
            Proposal proposal,
            long revision,
            Map<String, Long> appliedMillis,
            List<String> pending,
            boolean replayed) {}

    /** @throws Problem when it was not, or may not have been, committed */
    Agreed reach(Request request, Companions companions, Bytes content, Asked asked) {
        long deadline = nanos.getAsLong() + asked.timeout().toNanos();
        refuseFaulty(asked);
        Result result = propose(companions.submission(asked.command(), request, content), deadline);
        boolean replayed = result instanceof Result.Decided(Outcome.Replayed again, long at);
        Outcome outcome =
                switch (result) {
                    case Result.Decided(Outcome.Replayed(long at, Outcome first), long now) -> first;
                    case Result.Decided(Outcome decided, long now) -> decided;
                    case Result.NotApplied not -> throw Outcomes.refusal(not.why());
                    case Result.Unknown unknown -> throw Outcomes.unknown();
                };
        if (!(outcome instanceof Outcome.Proposed(long id))) {
            Outcomes.answer(result, Outcomes.Asked.of(asked.command()));
            throw new IllegalStateException("a proposal became " + outcome);
        }
        if (!replayed) {
            look(id).ifPresent(news::proposed);
        }
        Proposal ended = end(id, deadline);
        long revision = committed(ended, asked);
        if (!replayed) {
            news.committed(ended, revision);
        }
        return applied(ended, revision, asked.applied(), deadline, replayed);
    }

    private void refuseFaulty(Asked asked) {
        Optional<StateView> newest = replica.view();
        if (newest.isEmpty()) {
            return; // nobody can vote here either
        }
        try (StateView view = newest.get()) {
            List<Fault> faults = judge.faults(view, view.position().revision(), asked.changes());
            if (!faults.isEmpty()) {
                throw rejected(faults);
            }
        }
    }

    static Problem rejected(List<Fault> faults) {
        return Problem.of(
                        ProblemType.REJECTED,
                        faults.getFirst().path() + ": " + faults.getFirst().rule())
                .with(json -> {
                    json.name("errors").array();
                    for (Fault fault : faults) {
                        json.object().name("field").text(fault.path().toString());
                        json.name("rule").text(fault.rule()).end();
                    }
                    json.endArray();
                });
    }

    /** A node that has just come is no member yet, for a moment; then it has no vote. */
    private Result propose(Submission submission, long deadline) {
        while (!isMember()) {
            if (left(deadline).isZero()) {
                return new Result.NotApplied(Replica.Refusal.NOT_READY);
            }
            LockSupport.parkNanos(this, NAP.toNanos());
        }
        return replica.submit(submission, left(deadline));
    }

    private boolean isMember() {
        return replica.view()
                .map(view -> {
                    try (view) {
                        return Members.find(view, node).isPresent();
                    }
                })
                .orElse(false);
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong()));
    }

    private Proposal end(long id, long deadline) {
        Optional<Proposal> ended = awaitEnd(id, deadline);
        if (ended.isPresent()) {
            return ended.get();
        }
        Result aborted = replica.submit(Submission.of(new ConfigCommand.AbortProposal(id)), ABORT_TIMEOUT);
        if (!(aborted instanceof Result.Decided)) {
            throw Outcomes.unknown("Too few members voted in time, and the proposal could not be ended either.")
                    .with(json -> json.name("proposal").text(Long.toString(id)));
        }
        return look(id).filter(proposal -> !proposal.isPending())
                .orElseThrow(() -> Outcomes.unknown("Proposal " + id + " is not remembered any more."));
    }

    private Optional<Proposal> awaitEnd(long id, long deadline) {
        KeyRange range = KeyRange.single(Proposal.keyOf(id));
        while (true) {
            Optional<Proposal> proposal = look(id);
            if (proposal.isEmpty() || !proposal.get().isPending()) {
                return proposal;
            }
            Duration left = left(deadline);
            if (left.isZero()) {
                return Optional.empty();
            }
            long start = nanos.getAsLong();
            boolean changed = replica.awaitChange(Keyspace.PROPOSAL, range, id, left);
            if (!changed && nanos.getAsLong() - start < NAP.toNanos()) {
                LockSupport.parkNanos(this, NAP.toNanos());
            }
        }
    }

    private Optional<Proposal> look(long id) {
        Optional<StateView> newest = replica.view();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        try (StateView view = newest.get()) {
            return Proposals.find(view, id);
        }
    }

    private static long committed(Proposal ended, Asked asked) {
        return switch (ended.verdict()) {
            case Verdict.Committed(long revision) -> revision;
            case Verdict.Rejected rejected ->
                throw told(Problem.of(ProblemType.REJECTED, "Too many members voted against it."), ended)
                        .with(json -> nacks(json, ended));
            case Verdict.Aborted aborted ->
                throw told(
                        Problem.of(
                                ProblemType.TOO_FEW_VOTES,
                                ended.votes().size() + " of " + ended.voters().size() + " members voted in time, "
                                        + ended.required() + " acks were needed."),
                        ended);
            case Verdict.Refused(Outcome.Refused why) ->
                throw told(Outcomes.problem(why, ended.id(), Outcomes.Asked.of(asked.command())), ended);
            case Verdict.Refused(Outcome why) -> throw new IllegalStateException("refused for " + why);
            case Verdict.Pending pending -> throw new IllegalStateException("the proposal did not end");
        };
    }

    private static Problem told(Problem problem, Proposal ended) {
        return problem.with(json -> json.name("proposal").text(ConfigItems.id(ended)))
                .with(json -> ConfigItems.votes(json, ended.votes()));
    }

    private static void nacks(JsonWriter json, Proposal ended) {
        json.name("errors").array();
        ended.votes().stream().filter(vote -> !vote.ack()).forEach(vote -> {
            json.object().name("field").text(ended.changes().getFirst().path().toString());
            json.name("rule").text(vote.node() + ": " + vote.reason()).end();
        });
        json.endArray();
    }

    // -- who has it -----------------------------------------------------------------------------------------------

    /** This node has it: it answered from its state. */
    private Agreed applied(Proposal ended, long revision, Applied wanted, long deadline, boolean replayed) {
        long start = nanos.getAsLong();
        Map<String, Long> applied = new ConcurrentHashMap<>(Map.of(node, 0L));
        int needed = wanted.of(ended.voters().size());
        if (needed > 1) {
            Map<String, String> urls = urls(ended.voters());
            CompletableFuture<Void> enough = new CompletableFuture<>();
            urls.forEach((member, url) -> peers.hasApplied(url, revision, left(deadline))
                    .thenAccept(has -> {
                        if (has) {
                            applied.put(member, (nanos.getAsLong() - start) / 1_000_000);
                            if (applied.size() >= needed) {
                                enough.complete(null);
                            }
                        }
                    }));
            await(enough, left(deadline));
        }
        List<String> pending = applied.size() >= needed
                ? List.of()
                : ended.voters().stream()
                        .filter(member -> !applied.containsKey(member))
                        .toList();
        return new Agreed(ended, revision, new TreeMap<>(applied), pending, replayed);
    }

    private static void await(CompletableFuture<Void> enough, Duration left) {
        try {
            enough.get(left.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException notAll) {
            return; // the answer names who is missing
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, String> urls(List<String> voters) {
        Map<String, String> urls = new TreeMap<>();
        replica.view().ifPresent(view -> {
            try (view) {
                Members.all(view).stream()
                        .filter(member ->
                                voters.contains(member.node()) && !member.node().equals(node))
                        .forEach(member -> urls.put(member.node(), member.url()));
            }
        });
        return urls;
    }
}
