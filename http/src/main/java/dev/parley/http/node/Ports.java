package dev.parley.http.node;

/**
 * The ports a node uses beside the one it serves HTTP on, where nobody said otherwise. Far enough apart that two
 * clusters side by side do not meet, and below the range from which systems take the ports of outgoing connections.
 *
 * @param client of ZooKeeper
 * @param quorum of ZooKeeper
 * @param election of ZooKeeper
 */
public record Ports(int client, int quorum, int election) {
    private static final int CLIENT_DISTANCE = 10_000;
    private static final int QUORUM_DISTANCE = 15_000;
    private static final int ELECTION_DISTANCE = 20_000;

    public static Ports derivedFrom(int http) {
        int direction = http + ELECTION_DISTANCE <= 65_535 ? 1 : -1;
        return new Ports(
                http + direction * CLIENT_DISTANCE,
                http + direction * QUORUM_DISTANCE,
                http + direction * ELECTION_DISTANCE);
    }
}
