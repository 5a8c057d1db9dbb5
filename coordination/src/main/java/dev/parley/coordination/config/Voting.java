package dev.parley.coordination.config;

import dev.parley.coordination.config.ConfigJudge.Fault;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.ConfigCommand;
import dev.parley.store.kv.KeyRange;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Proposal;
import dev.parley.store.kv.Proposals;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's part in the agreement on the configuration: reads the proposals that it has applied, judges them and
 * votes. Also ends proposals whose proposer is gone, when this node leads. Has a thread of its own, so that no
 * validator delays apply; a vote that was lost is sent again as long as the proposal is pending.
 */
public final class Voting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Voting.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration NAP = Duration.ofMillis(20);
    private static final Duration VOTE_TIMEOUT = Duration.ofSeconds(5);

    /** What the proposer itself is given to end its proposal. */
    private static final Duration PROPOSER_PATIENCE = Duration.ofSeconds(10);

    private static final int REASON_CHARS_MAX = 1_000;

    private final Replica replica;
    private final String node;
    private final ConfigJudge judge;
    private final LongSupplier nanos;
    private final ConfigNews news;
    private final Thread thread;
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
    private final Map<Long, Long> giveUpAtNanos = new HashMap<>();
    private volatile boolean closed;

    private Voting(Replica replica, String node, ConfigJudge judge, LongSupplier nanos, ConfigNews news) {
        this.replica = replica;
        this.node = node;
        this.judge = judge;
        this.nanos = nanos;
        this.news = news;
        this.thread = Thread.ofPlatform().daemon().name("config-votes").unstarted(this::run);
    }

    /** @param nanos monotonic */
    public static Voting start(Replica replica, String node, ConfigJudge judge, LongSupplier nanos, ConfigNews news) {
        Voting voting = new Voting(replica, node, judge, nanos, news);
        voting.thread.start();
        return voting;
    }

    private void run() {
        while (!closed) {
            try {
                look();
            } catch (RuntimeException fault) {
                LOG.atError().setCause(fault).log("proposals could not be judged");
                LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
            }
        }
    }

    private void look() {
        Optional<StateView> newest = replica.view();
        if (newest.isEmpty()) {
            LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
            return;
        }
        long seen;
        try (StateView view = newest.get()) {
            seen = view.position().revision();
            List<Long> pending = Proposals.pending(view);
            pending.forEach(id -> attend(view, id));
            giveUpAtNanos.keySet().retainAll(pending);
        }
        long start = nanos.getAsLong();
        boolean changed = replica.awaitChange(Keyspace.PROPOSAL, KeyRange.ALL, seen, LOOK_EVERY);
        long left = NAP.toNanos() - (nanos.getAsLong() - start);
        if (!changed && left > 0 && !closed) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void attend(StateView view, long id) {
        if (underWay.contains(id)) {
            return;
        }
        Optional<Proposal> proposal = Proposals.find(view, id).filter(Proposal::isPending);
        if (proposal.isEmpty()) {
            return;
        }
        if (proposal.get().awaits(node)) {
            vote(view, proposal.get());
        }
        endWhenAbandoned(proposal.get());
    }

    private void vote(StateView view, Proposal proposal) {
        List<Fault> faults = judge.faults(view, view.position().revision(), proposal.changes());
        String reason = faults.stream()
                .map(fault -> fault.path() + ": " + fault.rule())
                .distinct()
                .collect(Collectors.joining(" "));
        var vote = new ConfigCommand.CastVote(proposal.id(), faults.isEmpty(), shortened(reason));
        submit(vote, proposal.id(), () -> news.voted(proposal.id(), node, vote.ack(), vote.reason()));
    }

    private static String shortened(String reason) {
        return reason.length() <= Math.min(REASON_CHARS_MAX, Limits.TEXT_BYTES_MAX / 3)
                ? reason
                : reason.substring(0, REASON_CHARS_MAX) + "…";
    }

    /** Under way until it is known what became of it: the proposal tells whether to send it again. */
    private void submit(Command command, long proposal, Runnable done) {
        if (underWay.add(proposal)) {
            replica.submit(Submission.of(command), VOTE_TIMEOUT, (Result result) -> {
                underWay.remove(proposal);
                if (result instanceof Result.Decided(Outcome.Done counted, long revision)) {
                    done.run();
                }
            });
        }
    }

    private void endWhenAbandoned(Proposal proposal) {
        long patience = Duration.ofMillis(proposal.timeoutMillis())
                .plus(PROPOSER_PATIENCE)
                .toNanos();
        long giveUpAt = giveUpAtNanos.computeIfAbsent(proposal.id(), id -> nanos.getAsLong() + patience);
        if (nanos.getAsLong() - giveUpAt >= 0 && replica.status().leader()) {
            submit(new ConfigCommand.AbortProposal(proposal.id()), proposal.id(), () -> {});
        }
    }

    /** Returns when no more votes are made. May be called twice. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
