package dev.parley.store.replica;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Office;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Seeks and holds the office of leader. The claim from outside is a hint. What counts is an entry in the log that gives
 * the office to this claim; its index is the epoch. A claim ends with the session it was made in, and with every break
 * of the connection, and the next one needs an entry, and so an epoch, of its own.
 */
final class Campaign {
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long STAND_BACK_NANOS = Duration.ofSeconds(5).toNanos();

    private final String node;
    private final Supplier<UUID> nonces;
    private final LeaderDuties.Proposer proposer;
    private boolean wanted;
    private Optional<UUID> claim = Optional.empty();
    private boolean underWay;
    private long notBeforeNanos;
    private boolean standsBack;
    private long standsBackUntilNanos;

    Campaign(String node, Supplier<UUID> nonces, LeaderDuties.Proposer proposer) {
        this.node = node;
        this.nonces = nonces;
        this.proposer = proposer;
    }

    void want(boolean office) {
        wanted = office;
        if (!office) {
            claim = Optional.empty();
        }
    }

    /** Lets others try first. */
    void standBack(long nowNanos) {
        end();
        standsBack = true;
        standsBackUntilNanos = nowNanos + STAND_BACK_NANOS;
    }

    boolean isStandingBack(long nowNanos) {
        standsBack &= standsBackUntilNanos - nowNanos > 0;
        return standsBack;
    }

    void end() {
        claim = Optional.empty();
    }

    /** The epoch in which this node leads, as far as the state goes; empty when it does not. */
    Optional<Long> epoch(MapView state) {
        return claim.flatMap(nonce -> Office.in(state)
                .filter(office -> office.node().equals(node) && office.nonce().equals(nonce))
                .map(Office::epoch));
    }

    /** Proposes to take office if this node should lead and does not. */
    void perform(MapView state, long nowNanos) {
        if (!wanted
                || isStandingBack(nowNanos)
                || underWay
                || nowNanos < notBeforeNanos
                || epoch(state).isPresent()) {
            return;
        }
        UUID nonce = nonces.get();
        claim = Optional.of(nonce);
        underWay = true;
        notBeforeNanos = nowNanos + RETRY_NANOS;
        proposer.propose(new Command.TakeOffice(node, nonce), this::onAnswer);
    }

    private void onAnswer(Result ignored) {
        underWay = false;
    }
}
