package dev.parley.http.node;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One member of an embedded ZooKeeper ensemble, written {@code 1=10.0.0.1:2888:3888:2181/7070}: server id, host, the
 * three ports of ZooKeeper (quorum, election, client) and the port Parley serves HTTP on.
 */
public record Peer(int serverId, String host, int quorumPort, int electionPort, int clientPort, int httpPort) {
    private static final Pattern SHAPE = Pattern.compile(
            "(\\d{1,3})=([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]):(\\d{1,5}):(\\d{1,5}):(\\d{1,5})/(\\d{1,5})");

    static Optional<Peer> parse(String text) {
        Matcher parts = SHAPE.matcher(text);
        if (!parts.matches() || !Kind.SERVER_ID.admits(parts.group(1))) {
            return Optional.empty();
        }
        for (int port = 3; port <= 6; port++) {
            if (!Kind.PORT.admits(parts.group(port))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Peer(
                Integer.parseInt(parts.group(1)),
                parts.group(2),
                Integer.parseInt(parts.group(3)),
                Integer.parseInt(parts.group(4)),
                Integer.parseInt(parts.group(5)),
                Integer.parseInt(parts.group(6))));
    }

    /** Where it answers to other nodes. */
    public String url() {
        return "http://" + host + ":" + httpPort;
    }

    @Override
    public String toString() {
        return serverId + "=" + host + ":" + quorumPort + ":" + electionPort + ":" + clientPort + "/" + httpPort;
    }
}
