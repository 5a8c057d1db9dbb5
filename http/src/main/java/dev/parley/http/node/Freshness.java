package dev.parley.http.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether this is the beginning: only then may an empty ZooKeeper count as one that never held anything. It takes every
 * configured peer to say so of itself; one that cannot be asked may be the one that knows better.
 */
final class Freshness {
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    private final boolean beganEmpty;
    private final AtomicBoolean followsLog;
    private final List<Peer> others;
    private final PeerClient client;

    /**
     * @param beganEmpty whether this node may found a log and its ZooKeeper directory was empty at the start
     * @param followsLog whether the tables belong to a log
     */
    Freshness(boolean beganEmpty, boolean followsLog, List<Peer> others, PeerClient client) {
        this.beganEmpty = beganEmpty;
        this.followsLog = new AtomicBoolean(followsLog);
        this.others = others;
        this.client = client;
    }

    /** From now on this node knows a log. */
    void ended() {
        followsLog.set(true);
    }

    boolean ofThisNode() {
        return beganEmpty && !followsLog.get();
    }

    /** What one peer says of itself; empty when it cannot be asked. */
    private Optional<Boolean> of(Peer peer) {
        return switch (client.get(peer.url(), InternalApi.FRESHNESS)) {
            case PeerClient.Reply.Answer(var content) ->
                Optional.of(content.path("fresh").asBoolean(false));
            case PeerClient.Reply.Forbidden forbidden -> Optional.empty();
            case PeerClient.Reply.Nothing nothing -> Optional.empty();
        };
    }

    /** Of this node and of every configured peer, now. */
    boolean ofAll() {
        return ofThisNode() && others.stream().allMatch(peer -> of(peer).orElse(false));
    }

    /** Waits until that is known. Empty when the node stops first. */
    Optional<Boolean> isFirstFormation(Pause pause) {
        while (ofThisNode()) {
            List<Optional<Boolean>> answers = others.stream().map(this::of).toList();
            if (answers.contains(Optional.of(false))) {
                return Optional.of(false);
            }
            if (!answers.contains(Optional.<Boolean>empty())) {
                return Optional.of(true);
            }
            if (!pause.of(ASK_AGAIN)) {
                return Optional.empty();
            }
        }
        return Optional.of(false);
    }
}
