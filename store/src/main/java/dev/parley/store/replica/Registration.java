package dev.parley.store.replica;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.SystemCommand;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Members.Member;
import dev.parley.store.kv.Outcome;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Keeps what the cluster knows of this node true: that it is a member, and how far its store is durable. Looks at the
 * agreed state and proposes what differs, so it also mends what a removal or another process of that name did.
 */
final class Registration {
    private static final long REPORT_ENTRIES = 64;
    private static final long REPORT_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long REPORT_PRESSED_NANOS = Duration.ofMillis(200).toNanos();
    private static final long AFTER_REFUSAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final String node;
    private final String url;
    private final Supplier<UUID> store;
    private final LeaderDuties.Proposer proposer;
    private int underWay;
    private boolean reportedOnce;
    private long notBeforeNanos;
    private long lastReportNanos;

    Registration(ReplicaConfig config, Supplier<UUID> store, LeaderDuties.Proposer proposer) {
        this.node = config.node();
        this.url = config.url();
        this.store = store;
        this.proposer = proposer;
    }

    /** The tables are other ones. */
    void stateReplaced() {
        reportedOnce = false;
    }

    /** @param pressed whether the log is filling up, so that it matters to say soon what is durable */
    void perform(MapView state, long durableIndex, boolean pressed, long nowNanos) {
        if (underWay > 0 || nowNanos < notBeforeNanos) {
            return;
        }
        Optional<Member> known = Members.find(state, node).filter(this::isThis);
        if (known.isEmpty()) {
            propose(new Command.RegisterMember(node, store.get(), url, EntryCodec.FORMAT_LEVEL), nowNanos);
        }
        // The first word after opening the tables: an earlier report may have been of tables that are gone.
        if (known.isEmpty() || !reportedOnce || isWorthReporting(known.get(), durableIndex, pressed, nowNanos)) {
            reportedOnce = true;
            lastReportNanos = nowNanos;
            propose(new Command.ReportDurable(node, store.get(), durableIndex), nowNanos);
        }
    }

    private boolean isThis(Member member) {
        return member.store().equals(store.get())
                && member.url().equals(url)
                && member.formatLevel() == EntryCodec.FORMAT_LEVEL;
    }

    private boolean isWorthReporting(Member known, long durableIndex, boolean pressed, long nowNanos) {
        long ahead = durableIndex - known.durable();
        long pause = pressed ? REPORT_PRESSED_NANOS : REPORT_NANOS;
        return ahead < 0 || ahead >= REPORT_ENTRIES || ahead > 0 && nowNanos - lastReportNanos >= pause;
    }

    private void propose(SystemCommand command, long nowNanos) {
        underWay++;
        proposer.propose(command, result -> {
            underWay--;
            if (!(result instanceof Result.Decided(Outcome.Acknowledged done, long revision))) {
                notBeforeNanos = nowNanos + AFTER_REFUSAL_NANOS;
            }
        });
    }
}
