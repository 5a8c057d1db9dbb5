package dev.parley.consistency.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {
    private static final String HISTORIES = "src/test/resources/histories/";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    @Test
    void theExitCodeTellsTheVerdict() {
        assertEquals(0, run("check", "--model", "cas-register", HISTORIES + "linearizability/etcd_002.jsonl"));
        assertEquals("valid\n", out.toString());
        assertEquals(1, run("check", "--model", "cas-register", HISTORIES + "linearizability/etcd_000.jsonl"));
        assertTrue(out.toString().contains("invalid\n  not-linearizable: Key 0: process "), out.toString());
    }

    @Test
    void nothingSeenIsUnknown(@TempDir Path directory) throws IOException {
        Path history = directory.resolve("h.jsonl");
        Files.writeString(
                history,
                "{\"process\":0,\"type\":\"invoke\",\"f\":\"add\",\"value\":1}\n{\"process\":0,\"type\":\"ok\",\"f\":\"add\",\"value\":1}\n");
        assertEquals(2, run("check", "--model", "set-full", history.toString()));
    }

    @Test
    void caseFilesAreComparedWithWhatTheyExpect() {
        assertEquals(0, run("check", "--model", "small", HISTORIES + "small/cases.json"));
        assertEquals(0, run("check", "--model", "watch", HISTORIES + "watch/watch-cases.json"));
        assertTrue(out.toString().contains("30 cases, 30 as expected, 0 different, 0 without a check"), out.toString());
    }

    @Test
    void aCaseWithAnotherVerdictIsReported(@TempDir Path directory) throws IOException {
        Path cases = directory.resolve("cases.json");
        String swapped = Files.readString(Path.of(HISTORIES, "watch/watch-cases.json"))
                .replace("\"valid\": true", "\"valid\": false");
        Files.writeString(cases, swapped);
        assertEquals(1, run("check", "--model", "watch", cases.toString()));
        assertTrue(out.toString().contains("DIFFERS\tvalid\texpected invalid"), out.toString());
    }

    @Test
    void wrongUsageAndUnreadableInputAre64(@TempDir Path directory) throws IOException {
        Path broken = directory.resolve("broken.jsonl");
        Files.writeString(broken, "{\"process\":0\n");
        assertEquals(64, run("check", "--model", "cas-register", broken.toString()));
        assertTrue(err.toString().contains("broken.jsonl:1: not JSON"), err.toString());
        assertEquals(
                64,
                run(
                        "check",
                        "--model",
                        "cas-register",
                        directory.resolve("missing.jsonl").toString()));
        assertEquals(64, run("check", "--model", "nonsense", HISTORIES + "linearizability/etcd_002.jsonl"));
        assertEquals(64, run("check", "--model", "kv", HISTORIES + "linearizability/etcd_002.jsonl"));
        assertEquals(64, run("check", "--model", "watch", broken.toString()));
        assertEquals(64, run("check", "--time-limit", "soon", "--model", "kv", broken.toString()));
        assertEquals(64, run("nonsense"));
        assertEquals(64, run());
    }

    @Test
    void runsThatCannotBeAreRefusedBeforeAnythingIsStarted() {
        assertEquals(64, run("run", "--workload", "nonsense"));
        assertEquals(64, run("run", "--workload", "set", "--nemesis", "earthquake"));
        assertEquals(64, run("run", "--endpoints", "http://127.0.0.1:1", "--workload", "set", "--nemesis", "kill"));
        assertTrue(err.toString().contains("somebody's cluster"), err.toString());
        assertEquals(64, run("suite"));
        assertEquals(64, run("convict", "--variant", "nonsense"));
    }

    @Test
    void everyVariantCanBeNamed() {
        assertEquals(0, run("convict", "--list"));
        assertTrue(out.toString().contains("stale-reads"), out.toString());
    }

    @Test
    void everyCommandHasHelp() {
        assertEquals(0, run("--help"));
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            assertEquals(0, run(command, "--help"), command);
        }
        assertEquals(0, run("list"));
        assertTrue(out.toString().contains("list-append"));
    }
}
