package dev.parley.coordination;

import dev.parley.coordination.embedded.EmbeddedConfig;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Real servers in this JVM, with short times. */
public final class TestServers {
    public static final int TICK_MILLIS = 100;

    private TestServers() {}

    public static EmbeddedConfig single(Path directory) {
        return EmbeddedConfig.single(directory, 0).withTickTimeMillis(TICK_MILLIS);
    }

    public static EmbeddedZooKeeper startSingle(Path directory) {
        return start(single(directory), true);
    }

    public static EmbeddedZooKeeper start(EmbeddedConfig config, boolean firstFormation) {
        EmbeddedZooKeeper.Opening opening =
                EmbeddedZooKeeper.open(config, firstFormation, Optional.empty(), fault -> {});
        return switch (opening) {
            case EmbeddedZooKeeper.Opening.Started started -> started.server();
            case EmbeddedZooKeeper.Opening.Refused refused -> throw new AssertionError(refused.message());
        };
    }

    /** Settings of {@code count} members in directories 1, 2, … below {@code directory}. */
    public static List<EmbeddedConfig> ensemble(Path directory, int count) {
        List<Integer> ports = freePorts(3 * count);
        List<EmbeddedConfig.Peer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(new EmbeddedConfig.Peer(i + 1, "127.0.0.1", ports.get(3 * i), ports.get(3 * i + 1)));
        }
        List<EmbeddedConfig> configs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path own = directory.resolve(Integer.toString(i + 1));
            configs.add(EmbeddedConfig.of(i + 1, peers, "127.0.0.1", ports.get(3 * i + 2), own)
                    .withTickTimeMillis(TICK_MILLIS));
        }
        return configs;
    }

    public static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            for (ServerSocket socket : sockets) {
                try {
                    socket.close();
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            }
        }
    }
}
