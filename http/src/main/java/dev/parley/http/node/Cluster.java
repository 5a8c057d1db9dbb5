package dev.parley.http.node;

import dev.parley.coordination.embedded.EmbeddedConfig;
import dev.parley.coordination.ensemble.ConnectionConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** What follows from the configuration for the way to ZooKeeper. */
record Cluster(NodeConfig config, String id, String secret) {
    /** Above the clusters of one ensemble, unless the connect string says otherwise. */
    private static final String ROOT = "/parley";

    /** The server of this node; empty when ZooKeeper is elsewhere. */
    Optional<EmbeddedConfig> embedded(Path data) {
        if (!(config.zookeeper() instanceof NodeConfig.ZooKeeper.Embedded embedded)) {
            return Optional.empty();
        }
        return Optional.of(EmbeddedConfig.of(
                embedded.serverId(),
                embedded.peers().stream()
                        .map(peer -> new EmbeddedConfig.Peer(
                                peer.serverId(), peer.host(), peer.quorumPort(), peer.electionPort()))
                        .toList(),
                embedded.address(),
                embedded.self().clientPort(),
                data));
    }

    ConnectionConfig connection() {
        String root = config.zookeeper() instanceof NodeConfig.ZooKeeper.External external
                ? external.path().orElse(ROOT)
                : ROOT;
        return new ConnectionConfig(root + "/" + id, secret, config.zookeeper().sessionTimeout());
    }

    /** What a node is told that joins. */
    String connectForOthers() {
        return switch (config.zookeeper()) {
            case NodeConfig.ZooKeeper.External external ->
                external.hosts() + external.path().orElse(ROOT);
            case NodeConfig.ZooKeeper.Embedded embedded ->
                embedded.peers().stream()
                                .map(peer -> reachable(peer.host()) + ":" + peer.clientPort())
                                .collect(Collectors.joining(","))
                        + ROOT;
        };
    }

    private String reachable(String host) {
        return NodeConfig.Http.isWildcard(host)
                ? URI.create(config.http().advertiseUrl()).getHost()
                : host;
    }
}
