package dev.parley.http.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How a new node learns where its cluster is: it asks one that is in it, and remembers the answer. */
public final class Join {
    private Join() {}

    /** @param connect where ZooKeeper is */
    public record Answer(String cluster, String connect) {}

    /**
     * Asks the node at {@code url}; when it is silent, what it said at an earlier start counts.
     *
     * @throws StartFailure when there is neither
     */
    public static Answer ask(String url, NodeConfig config) {
        String secret = config.secret().orElseThrow();
        return switch (new PeerClient(secret).get(url, InternalApi.JOIN)) {
            case PeerClient.Reply.Answer(var content) ->
                new Answer(
                        content.path("cluster").asText(),
                        content.path("zookeeper_connect").asText());
            case PeerClient.Reply.Forbidden() ->
                throw new StartFailure("the node at " + url
                        + " does not know this secret; give that of its cluster with --secret-file");
            case PeerClient.Reply.Nothing(var why) ->
                remembered(config.dataDirectory())
                        .orElseThrow(() -> new StartFailure(
                                "no node answers at " + url + " (" + why + "); name one that runs with --join"));
        };
    }

    private static Optional<Answer> remembered(Path data) {
        if (!Files.isDirectory(data.resolve("identity"))) {
            return Optional.empty();
        }
        var identity = new Identity(data.resolve("identity"));
        return identity.knownCluster()
                .flatMap(cluster -> identity.knownZooKeeper().map(connect -> new Answer(cluster, connect)));
    }
}
