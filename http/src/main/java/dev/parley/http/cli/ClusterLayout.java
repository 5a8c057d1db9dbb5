package dev.parley.http.cli;

import dev.parley.http.node.Identity;
import dev.parley.http.node.Peer;
import dev.parley.http.node.Ports;
import dev.parley.http.node.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which nodes a cluster on one machine has, and what each is told. The first {@code servers} of them are the ZooKeeper
 * ensemble; their number is fixed by the first start and kept in the file {@code ensemble}.
 */
record ClusterLayout(Path data, int nodes, int port, int servers) {
    private static final String HOST = "127.0.0.1";

    /** @throws CommandFailure when there are fewer nodes than the ensemble of an earlier start had */
    static ClusterLayout in(Path data, int nodes, int port) {
        try {
            Files.createDirectories(data);
            Path kept = data.resolve("ensemble");
            if (!Files.exists(kept)) {
                Identity.replace(kept, (nodes >= 5 ? 5 : nodes >= 3 ? 3 : 1) + "\n");
            }
            int servers = Integer.parseInt(Files.readString(kept).strip());
            if (nodes < servers) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        "--nodes must be at least " + servers + ", the ZooKeeper servers that " + data
                                + " began with, was " + nodes);
            }
            return new ClusterLayout(data, nodes, port, servers);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Path secretFile(RandomGenerator random) {
        Path file = data.resolve("secret");
        if (!Files.exists(file)) {
            Identity.replace(file, Identity.newSecret(random) + "\n");
        }
        return file;
    }

    String name(int number) {
        return "n" + number;
    }

    String url(int number) {
        return "http://" + HOST + ":" + httpPort(number);
    }

    private int httpPort(int number) {
        return port + number - 1;
    }

    /** What node {@code number}, from 1, is told, by key. */
    Map<String, String> settings(int number, Path secretFile) {
        Map<Setting, String> told = new TreeMap<>();
        told.put(Setting.NODE_ID, name(number));
        told.put(Setting.HTTP_PORT, Integer.toString(httpPort(number)));
        told.put(Setting.DATA_DIRECTORY, data.resolve(name(number)).toString());
        told.put(Setting.CLUSTER_SECRET_FILE, secretFile.toString());
        if (number > servers) {
            told.put(Setting.CLUSTER_MAY_BEGIN, "false");
            told.put(
                    Setting.ZOOKEEPER_CONNECT,
                    peers().stream().map(peer -> HOST + ":" + peer.clientPort()).collect(Collectors.joining(",")));
        } else {
            told.put(Setting.EMBEDDED_SERVER_ID, Integer.toString(number));
            told.put(
                    Setting.EMBEDDED_PEERS, peers().stream().map(Peer::toString).collect(Collectors.joining(",")));
        }
        return told.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().key(), Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    private List<Peer> peers() {
        return new ArrayList<>(IntStream.rangeClosed(1, servers)
                .mapToObj(number -> {
                    Ports ports = Ports.derivedFrom(httpPort(number));
                    return new Peer(number, HOST, ports.quorum(), ports.election(), ports.client(), httpPort(number));
                })
                .toList());
    }
}
