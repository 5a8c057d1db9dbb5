package dev.parley.http.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Whether this is the beginning. Two things are only done then: counting an empty ZooKeeper directory as one that never
 * held anything, and founding a log. It takes every configured peer to agree; one that cannot be asked may be the one
 * that knows better.
 */
final class Freshness {
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    private final boolean mayBegin;
    private final boolean zookeeperBeganEmpty;
    private final AtomicBoolean followsLog;
    private final boolean bringsData;
    private final List<Peer> others;
    private final PeerClient client;

    /**
     * @param mayBegin whether the configuration lets this node found a log
     * @param zookeeperBeganEmpty whether the embedded server had acknowledged nothing when this process began
     * @param followsLog whether the tables belong to a log
     * @param bringsData whether the tables came out of a backup, and begin a log that nobody has founded yet
     */
    Freshness(
            boolean mayBegin,
            boolean zookeeperBeganEmpty,
            boolean followsLog,
            boolean bringsData,
            List<Peer> others,
            PeerClient client) {
        this.mayBegin = mayBegin;
        this.zookeeperBeganEmpty = zookeeperBeganEmpty;
        this.followsLog = new AtomicBoolean(followsLog);
        this.bringsData = bringsData;
        this.others = others;
        this.client = client;
    }

    /** From now on this node knows a log. */
    void ended() {
        followsLog.set(true);
    }

    boolean followsLog() {
        return followsLog.get();
    }

    boolean bringsData() {
        return bringsData;
    }

    boolean zookeeperBeganEmpty() {
        return zookeeperBeganEmpty;
    }

    /** What a peer says of itself. */
    private record Word(boolean followsLog, boolean bringsData, boolean zookeeperEmpty) {}

    private Optional<Word> of(Peer peer) {
        return switch (client.get(peer.url(), InternalApi.FRESHNESS)) {
            case PeerClient.Reply.Answer(var content) ->
                Optional.of(new Word(
                        content.path("follows_log").asBoolean(true),
                        content.path("brings_data").asBoolean(false),
                        content.path("zookeeper_empty").asBoolean(false)));
            case PeerClient.Reply.Forbidden forbidden -> Optional.empty();
            case PeerClient.Reply.Nothing nothing -> Optional.empty();
        };
    }

    /**
     * Whether this node may found a log where there is none: nobody has data that comes from one. What ZooKeeper's
     * directories hold is no matter here, or a first formation that was interrupted could never be finished.
     */
    boolean mayFound() {
        return !bringsData && mayFoundForOwnData();
    }

    /** As {@link #mayFound}, for a node whose own tables came out of a backup: then only it may. */
    boolean mayFoundForOwnData() {
        Predicate<Word> hasNoData = word -> !word.followsLog() && !word.bringsData();
        return mayBegin
                && !followsLog()
                && others.stream().allMatch(peer -> of(peer).filter(hasNoData).isPresent());
    }

    /** Whether an empty ZooKeeper directory is how things begin; waits until that is known. Empty when the node stops. */
    Optional<Boolean> isFirstFormation(Pause pause) {
        while (zookeeperBeganEmpty && !followsLog()) {
            List<Optional<Word>> words = others.stream().map(this::of).toList();
            if (words.stream()
                    .flatMap(Optional::stream)
                    .anyMatch(word -> word.followsLog() || !word.zookeeperEmpty())) {
                return Optional.of(false);
            }
            if (words.stream().allMatch(Optional::isPresent)) {
                return Optional.of(true);
            }
            if (!pause.of(ASK_AGAIN)) {
                return Optional.empty();
            }
        }
        return Optional.of(false);
    }
}
