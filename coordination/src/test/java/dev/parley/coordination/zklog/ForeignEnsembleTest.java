package dev.parley.coordination.zklog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.ensemble.Ensemble;
import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ZooKeeper that is not ours: another process with its own settings. */
final class ForeignEnsembleTest {
    @TempDir
    Path directory;

    private List<String> command;
    private Process process;
    private String connectString;

    private void start(String... properties) {
        int port = TestServers.freePorts(1).getFirst();
        connectString = "127.0.0.1:" + port;
        command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Dzookeeper.admin.enableServer=false"));
        command.addAll(List.of(properties));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("org.apache.zookeeper.server.ZooKeeperServerMain", "" + port, directory.toString()));
        run();
    }

    private void run() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void kill() {
        process.destroyForcibly().onExit().join();
    }

    @AfterEach
    void stop() {
        kill();
    }

    private OptionalInt probe() {
        return EntrySizeProbe.largestEntryBytes(
                new Ensemble.External(connectString), TestConnections.CONFIG, new UUID(0, 1));
    }

    @Test
    void withItsDefaultsItTakesTheLargestValue() {
        start();
        try (RecordedLog node = new RecordedLog(connectString, LogConfig.of(EntrySizeProbe.ENTRY_BYTES_WANTED))) {
            assertEquals(OptionalInt.of(EntrySizeProbe.ENTRY_BYTES_WANTED), probe());
            node.next(LogEvent.Connected.class);
            node.log().append(1, Bytes.wrap(new byte[node.log().entryBytesMax()]));
            assertEquals(new LogIndex(1), node.await(LogEvent.Appended.class).index());
            assertEquals(1, node.readAll(1).size());
        }
    }

    @Test
    void withASmallerPacketTheLimitIsFoundBelowIt() {
        start("-Djute.maxbuffer=300000");
        try (RecordedLog node = new RecordedLog(connectString, LogConfig.of(100_000))) {
            assertEquals(OptionalInt.of(256 << 10), probe());
            node.next(LogEvent.Connected.class);
        }
    }

    @Test
    void aKilledServerThatComesBackHasEverythingItAnswered() {
        start();
        try (Storm storm = new Storm()) {
            for (String name : List.of("a", "b", "c")) {
                storm.add(name, connectString);
            }
            storm.awaitProgress();
            storm.awaitReconnect(() -> {
                kill();
                run();
            });
            storm.awaitProgress();
            storm.judge(connectString);
        }
    }
}
