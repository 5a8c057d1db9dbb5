package dev.parley.http.node;

import dev.parley.http.api.InternalAnswers;
import dev.parley.http.api.SnapshotOffers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What nodes of one cluster ask each other, below {@code /internal/v1}; who does not know the secret learns nothing. */
final class InternalApi implements InternalAnswers {
    static final String FRESHNESS = "/internal/v1/freshness";
    static final String JOIN = "/internal/v1/join";

    private final byte[] secret;
    private final String cluster;
    private final String connect;
    private final Supplier<Freshness> freshness;
    private final Supplier<SnapshotOffers> snapshots;

    /**
     * @param connect where ZooKeeper is, for a node that joins
     * @param freshness may block until it is known
     * @param snapshots answers at once
     */
    InternalApi(
            String secret,
            String cluster,
            String connect,
            Supplier<Freshness> freshness,
            Supplier<SnapshotOffers> snapshots) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
        this.cluster = cluster;
        this.connect = connect;
        this.freshness = freshness;
        this.snapshots = snapshots;
    }

    @Override
    public List<String> paths() {
        return List.of(FRESHNESS, JOIN);
    }

    @Override
    public SnapshotOffers snapshots() {
        return snapshots.get();
    }

    /** In time that does not depend on how much of it is right. */
    @Override
    public boolean admits(Optional<String> shown) {
        return shown.map(text -> MessageDigest.isEqual(secret, text.getBytes(StandardCharsets.UTF_8)))
                .orElse(false);
    }

    @Override
    public String answer(String path) {
        return switch (path) {
            case FRESHNESS -> {
                Freshness now = freshness.get();
                yield "{\"cluster\":\"" + cluster + "\",\"follows_log\":" + now.followsLog() + ",\"brings_data\":"
                        + now.bringsData() + ",\"zookeeper_empty\":"
                        + now.zookeeperBeganEmpty() + "}";
            }
            case JOIN -> "{\"cluster\":\"" + cluster + "\",\"zookeeper_connect\":\"" + connect + "\"}";
            default -> throw new IllegalArgumentException("not one of the paths: " + path);
        };
    }
}
