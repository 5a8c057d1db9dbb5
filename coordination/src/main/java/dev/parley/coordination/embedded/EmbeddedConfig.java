package dev.parley.coordination.embedded;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Settings of the in-process ZooKeeper server. Validated here, once.
 *
 * @param myId this server's number in the ensemble, 1 to 255
 * @param peers every server of the ensemble, this one included: 1, 3 or 5
 * @param clientHost address to listen on for clients
 * @param clientPort 0 takes a free one; {@link EmbeddedZooKeeper#clientPort()} tells which
 * @param dataDir holds nothing but ZooKeeper's data; made when absent
 * @param tickTimeMillis ZooKeeper's unit of time: heartbeats between servers, granularity of session timeouts
 * @param initLimitTicks how long a member may take to connect to a leader and copy its data
 * @param syncLimitTicks how long a leader and a follower may not hear each other
 * @param sessionTimeoutMinMillis shortest session a client may ask for
 * @param sessionTimeoutMaxMillis longest session a client may ask for
 */
public record EmbeddedConfig(
        int myId,
        List<Peer> peers,
        String clientHost,
        int clientPort,
        Path dataDir,
        int tickTimeMillis,
        int initLimitTicks,
        int syncLimitTicks,
        int sessionTimeoutMinMillis,
        int sessionTimeoutMaxMillis) {

    /**
     * One server of the ensemble as the others reach it.
     *
     * @param host also the address it listens on for the others
     */
    public record Peer(int id, String host, int quorumPort, int electionPort) {
        public Peer {
            if (id < 1 || id > 255) {
                throw new IllegalArgumentException("a ZooKeeper server's id is 1 to 255, was " + id);
            }
            requirePort("quorumPort", quorumPort);
            requirePort("electionPort", electionPort);
        }
    }

    public EmbeddedConfig {
        peers = List.copyOf(peers);
        if (peers.size() != 1 && peers.size() != 3 && peers.size() != 5) {
            throw new IllegalArgumentException("an ensemble has 1, 3 or 5 servers, was " + peers.size());
        }
        Set<Integer> ids = new HashSet<>();
        for (Peer peer : peers) {
            if (!ids.add(peer.id())) {
                throw new IllegalArgumentException("two ZooKeeper servers have the id " + peer.id());
            }
        }
        if (!ids.contains(myId)) {
            throw new IllegalArgumentException("no server of the ensemble has the id " + myId);
        }
        if (clientPort < 0 || clientPort > 65_535) {
            throw new IllegalArgumentException("clientPort must be 0 to 65535, was " + clientPort);
        }
        if (tickTimeMillis < 1 || initLimitTicks < 1 || syncLimitTicks < 1) {
            throw new IllegalArgumentException("ticks and limits must be at least 1");
        }
        if (sessionTimeoutMinMillis < 1 || sessionTimeoutMaxMillis < sessionTimeoutMinMillis) {
            throw new IllegalArgumentException("session timeouts must satisfy 1 <= min <= max");
        }
    }

    /** A server alone, on 127.0.0.1, with the usual times. */
    public static EmbeddedConfig single(Path dataDir, int clientPort) {
        // The ports towards others are never opened when there are none.
        return of(1, List.of(new Peer(1, "127.0.0.1", 1, 1)), "127.0.0.1", clientPort, dataDir);
    }

    /** With the usual times: ticks of 500 ms, a follower is given up after 2 s, sessions of 1 to 60 s. */
    public static EmbeddedConfig of(int myId, List<Peer> peers, String clientHost, int clientPort, Path dataDir) {
        return new EmbeddedConfig(myId, peers, clientHost, clientPort, dataDir, 500, 40, 4, 1_000, 60_000);
    }

    /** The same with another tick; for tests that wait for sessions to end. */
    public EmbeddedConfig withTickTimeMillis(int tickTimeMillis) {
        return new EmbeddedConfig(
                myId,
                peers,
                clientHost,
                clientPort,
                dataDir,
                tickTimeMillis,
                initLimitTicks,
                syncLimitTicks,
                Math.min(sessionTimeoutMinMillis, 2 * tickTimeMillis),
                sessionTimeoutMaxMillis);
    }

    /** The same with another client port; to start again where clients expect it. */
    public EmbeddedConfig withClientPort(int clientPort) {
        return new EmbeddedConfig(
                myId,
                peers,
                clientHost,
                clientPort,
                dataDir,
                tickTimeMillis,
                initLimitTicks,
                syncLimitTicks,
                sessionTimeoutMinMillis,
                sessionTimeoutMaxMillis);
    }

    boolean isAlone() {
        return peers.size() == 1;
    }

    private static void requirePort(String name, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(name + " must be 1 to 65535, was " + port);
        }
    }
}
