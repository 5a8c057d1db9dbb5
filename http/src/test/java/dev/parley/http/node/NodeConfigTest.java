package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.coordination.process.command.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeConfigTest {
    private static final String PEERS =
            "1=10.0.0.1:2888:3888:2181/7070,2=10.0.0.2:2888:3888:2181/7070,3=10.0.0.3:2888:3888:2181/7070";

    @TempDir
    Path directory;

    @Test
    void withoutAWordANodeIsAClusterOfOneOnThisMachine() {
        NodeConfig config = NodeConfig.from(new ConfigSources());

        assertEquals("127.0.0.1", config.http().address());
        assertEquals("http://127.0.0.1:7070", config.http().advertiseUrl());
        var embedded = assertInstanceOf(NodeConfig.ZooKeeper.Embedded.class, config.zookeeper());
        assertEquals(1, embedded.peers().size());
        assertEquals(17070, embedded.self().clientPort());
        assertEquals(Optional.empty(), config.nodeId());
        assertEquals(Path.of("./data/node/parley.log"), config.logging().file());
    }

    @Test
    void aFlagWinsOverTheEnvironmentWhichWinsOverTheFile() throws IOException {
        Path file = yaml("http:\n  port: 1001\n  address: 127.0.0.2\ncluster.id: blue\n");

        NodeConfig config = NodeConfig.from(new ConfigSources()
                .file(file)
                .environment(Map.of("PARLEY_HTTP_PORT", "1002", "PARLEY_HTTP_ADDRESS", "127.0.0.3"))
                .flag("http.port", "1003"));

        assertEquals(1003, config.http().port());
        assertEquals("127.0.0.3", config.http().address());
        assertEquals(Optional.of("blue"), config.clusterId());
    }

    @Test
    void listsUnitsAndNestedKeysAreRead() throws IOException {
        Path file = yaml("""
                cors:
                  origins: [https://a.example.org, https://b.example.org]
                storage:
                  memtable-bytes: 8MiB
                  flush-interval: 500ms
                zookeeper:
                  connect: 10.0.0.1:2181,10.0.0.2:2181/parley
                  session-timeout: 1m
                """);

        NodeConfig config = NodeConfig.from(new ConfigSources().file(file));

        assertEquals(
                List.of("https://a.example.org", "https://b.example.org"),
                config.http().corsOrigins());
        assertEquals(8 << 20, config.storage().memtableBytes());
        assertEquals(Duration.ofMillis(500), config.storage().flushInterval());
        assertEquals(
                new NodeConfig.ZooKeeper.External(
                        "10.0.0.1:2181,10.0.0.2:2181", Optional.of("/parley"), true, Duration.ofMinutes(1)),
                config.zookeeper());
    }

    @Test
    void aPeerKnowsItselfAndTheOthers() {
        NodeConfig config = NodeConfig.from(new ConfigSources()
                .flag("zookeeper.embedded.peers", PEERS)
                .flag("zookeeper.embedded.server-id", "2")
                .flag("cluster.secret", "0123456789abcdef"));

        var embedded = assertInstanceOf(NodeConfig.ZooKeeper.Embedded.class, config.zookeeper());
        assertEquals("10.0.0.2", embedded.self().host());
        assertEquals(
                List.of("http://10.0.0.1:7070", "http://10.0.0.3:7070"),
                embedded.others().stream().map(Peer::url).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http.port          | 70700    | http.port must be a port from 1 to 65535, was 70700 (command line)
                    http.prot          | 7070     | unknown key http.prot in command line; did you mean http.port?
                    quite.else         | 1        | unknown key quite.else in command line
                    storage.flush-interval | 5    | storage.flush-interval must be a whole number and a unit: 500ms, 30s, 5m or 1h, was 5 (command line)
                    storage.flush-interval | 1ms  | storage.flush-interval must be from 100ms to 1h, was 1ms (command line)
                    storage.memtable-bytes | 64MB | storage.memtable-bytes must be a whole number and a unit: 512B, 64KiB, 64MiB or 1GiB, was 64MB (command line)
                    storage.memtable-bytes | 1KiB | storage.memtable-bytes must be from 1MiB to 1GiB, was 1KiB (command line)
                    logging.format     | xml      | logging.format must be text or json, was xml (command line)
                    cluster.secret     | short    | cluster.secret must be at least 16 characters without spaces, was 5 characters (command line)
                    cluster.secret-file | /nowhere/at/all | cluster.secret-file must be a file that can be read, was /nowhere/at/all (command line)
                    node.id            | -n       | node.id must be 1 to 128 letters, digits, '.', '_' or '-', the first a letter or a digit, was -n (command line)
                    processes.guard-timeout | 3s  | processes.guard-timeout must be from 100ms to 2999ms, was 3s (command line)
                    processes.output-files | 1001 | processes.output-files must be from 1 to 1000, was 1001 (command line)
                    processes.commands | a=/bin/ls | processes.commands must be a name and a program with its arguments, as in name=["program","argument"], was a=/bin/ls (command line)
                    zookeeper.embedded.peers | 1=a:1:2:3 | zookeeper.embedded.peers must be a list of <server-id>=<host>:<quorum-port>:<election-port>:<client-port>/<http-port>, was 1=a:1:2:3 (command line)
                    """)
    void aRefusalNamesKeyRuleAndValue(String key, String value, String message) {
        var refusal = assertThrows(ConfigException.class, () -> NodeConfig.from(new ConfigSources().flag(key, value)));
        assertEquals(message, refusal.getMessage());
    }

    @Test
    void commandsAreAMappingInTheFileAndLinesInAVariable() throws IOException {
        Path file = Files.writeString(directory.resolve("commands.yaml"), """
                processes:
                  commands:
                    list: /bin/ls
                    re.size: [/usr/bin/resize, "--width={width}", 7]
                """);
        List<Command> commands = List.of(
                new Command("list", List.of("/bin/ls")),
                new Command("re.size", List.of("/usr/bin/resize", "--width={width}", "7")));
        assertEquals(
                commands,
                NodeConfig.from(new ConfigSources().file(file)).processes().commands());
        String lines = "list=[\"/bin/ls\"]\nre.size=[\"/usr/bin/resize\",\"--width={width}\",\"7\"]\n";
        assertEquals(
                commands,
                NodeConfig.from(new ConfigSources().environment(Map.of("PARLEY_PROCESSES_COMMANDS", lines)))
                        .processes()
                        .commands());
        for (String broken : List.of("a=[]", "a=[\"{program}\"]", "a=[1]", "=[\"x\"]", "a=[\"x\"] y")) {
            assertThrows(ConfigException.class, () -> new ConfigSources().flag("processes.commands", broken), broken);
        }
        assertRefused(
                "processes.commands must be of different names, was a=[\"x\"] (command line)",
                new ConfigSources().flag("processes.commands", "a=[\"x\"]\na=[\"y\"]"));
    }

    @Test
    void externalAndEmbeddedZooKeeperExcludeEachOther() {
        assertRefused(
                "zookeeper.embedded.client-port must be left out when zookeeper.connect is given, was 2181 (command line)",
                new ConfigSources()
                        .flag("zookeeper.connect", "127.0.0.1:2181")
                        .flag("zookeeper.embedded.client-port", "2181"));
    }

    @Test
    void anEnsembleIsOfOneThreeOrFiveAndContainsThisNode() {
        assertRefused(
                "zookeeper.embedded.peers must be 1, 3 or 5 servers, was 2",
                new ConfigSources()
                        .flag("zookeeper.embedded.peers", PEERS.substring(0, PEERS.lastIndexOf(',')))
                        .flag("zookeeper.embedded.server-id", "1"));
        assertRefused(
                "zookeeper.embedded.server-id must be the server id of one of the peers, was 4 (command line)",
                new ConfigSources().flag("zookeeper.embedded.peers", PEERS).flag("zookeeper.embedded.server-id", "4"));
    }

    @Test
    void anEnsembleOfSeveralNeedsASecretThatAllKnow() {
        assertRefused(
                "cluster.secret must be the same on every peer of an embedded ensemble, was not given;"
                        + " set PARLEY_CLUSTER_SECRET or cluster.secret-file",
                new ConfigSources().flag("zookeeper.embedded.peers", PEERS).flag("zookeeper.embedded.server-id", "1"));
    }

    @Test
    void aMisspeltVariableIsRefusedWithTheNearestOne() {
        var refusal = assertThrows(
                ConfigException.class, () -> new ConfigSources().environment(Map.of("PARLEY_HTTP_PROT", "1")));
        assertEquals(
                "unknown environment variable PARLEY_HTTP_PROT; did you mean PARLEY_HTTP_PORT?", refusal.getMessage());
    }

    @Test
    void aKeyGivenTwiceOrAFileThatIsNoYamlIsRefused() throws IOException {
        Path twice = yaml("http:\n  port: 1\nhttp.port: 2\n");
        assertEquals(
                "http.port is given twice in " + twice,
                assertThrows(ConfigException.class, () -> new ConfigSources().file(twice))
                        .getMessage());
        Path broken = Files.writeString(directory.resolve("broken.yaml"), "http: [1\n");
        String message = assertThrows(ConfigException.class, () -> new ConfigSources().file(broken))
                .getMessage();
        assertEquals(broken + " is not well-formed YAML", message.substring(0, message.indexOf(':')));
        Path repeated = Files.writeString(directory.resolve("repeated.yaml"), "http:\n  port: 1\n  port: 2\n");
        assertThrows(ConfigException.class, () -> new ConfigSources().file(repeated));
        Path missing = directory.resolve("missing.yaml");
        assertEquals(
                "there is no configuration file " + missing,
                assertThrows(ConfigException.class, () -> new ConfigSources().file(missing))
                        .getMessage());
    }

    @Test
    void theSecretIsTheFirstLineOfItsFile() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "0123456789abcdef\n");

        NodeConfig config = NodeConfig.from(new ConfigSources().flag("cluster.secret-file", file.toString()));

        assertEquals(Optional.of("0123456789abcdef"), config.secret());
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(directory.resolve("node.yaml"), text);
    }

    private static void assertRefused(String message, ConfigSources sources) {
        assertEquals(
                message,
                assertThrows(ConfigException.class, () -> NodeConfig.from(sources))
                        .getMessage());
    }
}
