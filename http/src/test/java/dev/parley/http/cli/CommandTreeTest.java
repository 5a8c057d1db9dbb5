package dev.parley.http.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandTreeTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    clutser                      | unknown command clutser; did you mean cluster?
                    frobnicate                   | unknown command frobnicate
                    trian                        | unknown command trian
                    kv gte a                     | unknown command gte; did you mean get?
                    kv                           | a command is missing: get, put, del or ls
                    config                       | a command is missing: get, set, watch, history, diff, rollback, ack or acks
                    config get                   | a path is missing, or --as
                    bench --clinets 3            | unknown flag --clinets; did you mean --clients?
                    bench --clinets=3            | unknown flag --clinets; did you mean --clients?
                    node --prot 7071             | unknown flag --prot; did you mean --port?
                    node --http.prot 7071        | unknown flag --http.prot; did you mean --http.port?
                    node --port 70710            | http.port must be a port from 1 to 65535, was 70710 (command line)
                    dev --zookeeper.session-timeout 6 | zookeeper.session-timeout must be a whole number and a unit: 500ms, 30s, 5m or 1h, was 6 (command line)
                    dev a                        | unexpected argument a
                    bench --workload putt        | --workload must be one of put, get, get-stale, mixed, bulk, was putt; did you mean put?
                    bench --workload bulk --protocol etcd | --workload bulk is not known to etcd
                    bench --duration 10          | --duration must be a whole number and a unit, such as 10s, was 10
                    bench --clients 0            | --clients must be from 1 to 20000, was 0
                    bench --target ftp://x       | --target must be a URL such as http://127.0.0.1:7070, was ftp://x
                    cluster --nodes 0            | --nodes must be from 1 to 9, was 0
                    """)
    void aWrongCommandLineIsOneSentenceThatHelpsAndExits64(String line, String sentence) {
        int exitCode = run(line.split(" "));

        assertEquals("parley: " + sentence, err.toString().lines().findFirst().orElse(""));
        assertFalse(err.toString().contains("\tat "), err.toString());
        assertEquals(ExitCode.USAGE, exitCode);
        assertEquals("", out.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dev",
                "cluster",
                "node",
                "bench",
                "kv",
                "kv get",
                "kv put",
                "kv del",
                "kv ls",
                "config",
                "config get",
                "config set",
                "config watch",
                "config history",
                "config diff",
                "config rollback",
                "status",
                "members",
                "members list",
                "members remove",
                "process",
                "process ls",
                "process get",
                "process start",
                "process stop",
                "process restart",
                "process migrate",
                "process rm"
            })
    void everyCommandHasHelp(String command) {
        int exitCode = run((command + " --help").strip().split(" "));

        assertEquals(ExitCode.OK, exitCode, err.toString());
        assertTrue(
                out.toString().startsWith("Usage: parley" + (command.isEmpty() ? "" : " " + command)), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void everySettingIsAFlagOfANodeWithItsText() {
        run("node", "--help");
        for (var setting : dev.parley.http.node.Setting.values()) {
            assertTrue(out.toString().contains("--" + setting.key() + "="), setting.key());
        }
    }

    @Test
    void theVersionIsPrinted() {
        assertEquals(ExitCode.OK, run("--version"));
        assertTrue(out.toString().startsWith("parley "), out.toString());
    }

    @Test
    void withNobodyAtTheEndpointTheSentenceNamesTheFlag() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;

        assertEquals(ExitCode.UNAVAILABLE, run("kv", "get", "a", "--endpoint", url));
        assertEquals(
                "parley: no node answers at " + url + "; start one with parley dev, or name one with --endpoint\n",
                err.toString());
    }

    @Test
    void keysAreEscapedSoThatNothingOnTheWayChangesThem() {
        assertEquals("a/%2E%2E/b%20%2B%25%C3%A9", Endpoint.encode("a/../b +%é"));
    }

    private int run(String... arguments) {
        var terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new ByteArrayOutputStream(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Map.of());
        return new CommandTree(terminal).run(arguments);
    }
}
