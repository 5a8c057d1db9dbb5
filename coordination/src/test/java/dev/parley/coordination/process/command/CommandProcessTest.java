package dev.parley.coordination.process.command;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind.Fault;
import dev.parley.coordination.process.Kind.StartFault;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.TestProcesses;
import dev.parley.store.kv.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs under real guards: whatever happens to the node, nothing of a program outlives it for long. */
@Tag("processes")
class CommandProcessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Prints its own id, its child's, and that of a grandchild that has left the group. */
    private static final String FAMILY =
            "trap '' TERM; sleep 1000 & echo $$; echo $!; setsid sleep 1000 & echo $!; wait; wait; sleep 1000";

    private final Programs programs =
            new Programs(Guarding.byThisProgram(LONG, Map.of("PATH", System.getenv("PATH")), UUID::randomUUID));
    private final CommandKind kind = new CommandKind(
            List.of(
                    new Command("shell", List.of("sh", "-c", "{script}")),
                    new Command(
                            "speak",
                            List.of(
                                    "sh",
                                    "-c",
                                    "echo \"$0|$1|$PARLEY_TOKEN|$PARLEY_NODE|$PARLEY_PROCESS\"; env >&2",
                                    "{word}",
                                    "<{word}>")),
                    new Command("missing", List.of("/nowhere/at-all"))),
            programs);
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<Process> standIns = new ArrayList<>();

    @AfterEach
    void close() {
        programs.close();
        standIns.forEach(Process::destroyForcibly);
    }

    private RunningProcess start(String arguments) {
        return kind.start(
                TestProcesses.assignment("a", "command", arguments, 7, RestartPolicy.PERMANENT),
                TestProcesses.NO_EFFECTS,
                (stream, line) -> said.add(line));
    }

    private RunningProcess shell(String script) {
        return start("{\"command\":\"shell\",\"parameters\":{\"script\":\"" + script + "\"}}");
    }

    private static Exit exit(RunningProcess process) {
        return process.exit()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private List<Long> awaitFamily() {
        List<Long> family = awaitNames();
        family.forEach(pid -> assertTrue(lives(pid), () -> "not alive: " + pid));
        return family;
    }

    private List<Long> awaitNames() {
        await().atMost(LONG).until(() -> said.size() >= 3);
        return said.stream().limit(3).map(Long::parseLong).toList();
    }

    private static void awaitEnd(List<Long> family) {
        await().atMost(LONG).until(() -> family.stream().noneMatch(CommandProcessTest::lives));
    }

    /** A process whose exit nobody has asked for yet does not live. */
    private static boolean lives(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void aProgramGetsItsParametersItsTokenAndNothingOfTheNodesEnvironment() {
        assertEquals(
                new Exit.Finished(), exit(start("{\"command\":\"speak\",\"parameters\":{\"word\":\"a b $HOME\"}}")));
        assertEquals("a b $HOME|<a b $HOME>|7|n1|a", said.getFirst());
        assertTrue(said.contains("PARLEY_TOKEN=7"), said::toString);
        assertFalse(
                said.stream().anyMatch(line -> line.startsWith("JAVA_HOME=") || line.startsWith("USER=")),
                said::toString);
    }

    @Test
    void howAProgramEndedIsTold() {
        assertEquals(new Exit.Failed("exit status 3"), exit(shell("exit 3")));
        assertEquals(new Exit.Failed("ended by signal 15"), exit(shell("kill -TERM $$")));
        assertEquals(new Exit.Failed("exit status 127"), exit(start("{\"command\":\"missing\"}")));
    }

    @Test
    void onlyWhatTheConfigurationNamesCanBeRun() {
        assertEquals(
                List.of(new Fault("/command", "is not a command of this node's configuration: rm")),
                kind.faults("{\"command\":\"rm\"}"));
        assertEquals(List.of(new Fault("/parameters/script", "must be given")), kind.faults("{\"command\":\"shell\"}"));
        assertThrows(StartFault.class, () -> start("{\"command\":\"rm\"}"));
    }

    @Test
    void aProgramThatIsAskedToEndMayEndInItsOwnWay() {
        RunningProcess process = shell("trap 'echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.1; done");
        await().atMost(LONG).until(() -> said.contains("ready"));
        process.stop(LONG);
        assertEquals(new Exit.Finished(), exit(process));
        assertTrue(said.contains("tidied"), said::toString);
    }

    @Test
    void aProgramThatIgnoresItsEndIsKilledWithAllThatCameOfIt() {
        RunningProcess process = shell(FAMILY);
        List<Long> family = awaitFamily();
        process.stop(Duration.ofMillis(200));
        assertFalse(process.exit().toCompletableFuture().isDone(), "it ignores SIGTERM");
        process.kill();
        assertEquals(new Exit.Failed("ended by signal 9"), exit(process));
        awaitEnd(family);
    }

    @Test
    void whatAProgramLeavesBehindEndsWithIt() {
        RunningProcess process = shell("sleep 1000 & echo $$; echo $!; setsid sleep 1000 & echo $!; exit 0");
        assertEquals(new Exit.Finished(), exit(process));
        awaitEnd(said.stream().map(Long::parseLong).toList());
    }

    @Test
    void withoutItsGuardAProgramIsEndedByTheNode() {
        RunningProcess process = shell(FAMILY);
        List<Long> family = awaitFamily();
        ProcessHandle guard =
                ProcessHandle.of(family.getFirst()).orElseThrow().parent().orElseThrow();
        assertTrue(guard.pid() != ProcessHandle.current().pid());
        guard.destroyForcibly();
        assertEquals(new Exit.Failed("ended by signal 9"), exit(process));
        awaitEnd(family);
    }

    @Test
    void whenTheNodeIsKilledItsProgramsAre() throws IOException {
        Process node = standIn(LONG);
        List<Long> family = awaitFamily();
        node.destroyForcibly();
        awaitEnd(family);
    }

    @Test
    void whenTheNodeStandsStillItsProgramsAreKilled() throws IOException, InterruptedException {
        Process node = standIn(Duration.ofSeconds(5));
        List<Long> family = awaitNames();
        new ProcessBuilder("sh", "-c", "kill -STOP " + node.pid()).start().waitFor();
        awaitEnd(family);
    }

    private Process standIn(Duration patience) throws IOException {
        Process node = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeStandIn.class.getName(),
                        Long.toString(patience.toMillis()),
                        "sh",
                        "-c",
                        FAMILY)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        standIns.add(node);
        Thread.ofVirtual().start(() -> node.inputReader().lines().forEach(said::add));
        return node;
    }
}
