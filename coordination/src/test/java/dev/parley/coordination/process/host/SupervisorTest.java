package dev.parley.coordination.process.host;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Assignment.Intensity;
import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.ProcessHost.Change;
import dev.parley.coordination.process.ProcessHost.Ended;
import dev.parley.coordination.process.ProcessHost.Failed;
import dev.parley.coordination.process.ProcessHost.Finished;
import dev.parley.coordination.process.ProcessHost.Hanging;
import dev.parley.coordination.process.ProcessHost.Held;
import dev.parley.coordination.process.ProcessHost.Killed;
import dev.parley.coordination.process.ProcessHost.LogLine;
import dev.parley.coordination.process.ProcessHost.Running;
import dev.parley.coordination.process.ProcessHost.Starting;
import dev.parley.coordination.process.ProcessHost.Stop;
import dev.parley.coordination.process.ProcessHost.Stopped;
import dev.parley.coordination.process.TestProcesses;
import dev.parley.store.kv.RestartPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C9, C13, C17, C19, C21: what runs on one node is watched one for one. */
class SupervisorTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration AT_ONCE = Duration.ofMillis(20);

    private final ScriptedKind kind = new ScriptedKind();
    private final Map<String, List<Change>> changes = new ConcurrentHashMap<>();
    private final List<String> halts = new CopyOnWriteArrayList<>();
    private Supervisor supervisor;

    @TempDir
    Path directory;

    @BeforeEach
    void open() {
        supervisor = new Supervisor(new Supervisor.Parts(
                TestProcesses.only(kind),
                (name, token, change) -> changes.computeIfAbsent(name, none -> new CopyOnWriteArrayList<>())
                        .add(change),
                new OutputConfig(directory, 1 << 20, 2),
                System::nanoTime,
                System::currentTimeMillis,
                Duration.ofMillis(300),
                halts::add));
    }

    @AfterEach
    void close() {
        supervisor.close();
    }

    @Test
    void anInstanceIsStartedOnceAndGivesItsStateAtTheStop() throws Exception {
        Assignment assignment = assignment("a", RestartPolicy.PERMANENT, 5);
        supervisor.start(assignment, TestProcesses.NO_EFFECTS);
        supervisor.start(assignment, TestProcesses.NO_EFFECTS);
        ScriptedProcess process = kind.next();
        awaitChanges("a", new Starting(0), new Running(0));
        assertEquals(List.of(new Held("a", 7)), supervisor.held());
        process.state = Optional.of(new byte[] {1, 2});
        Stopped stopped = assertInstanceOf(Stopped.class, get(supervisor.stop("a", 7, LONG)));
        assertArrayEquals(new byte[] {1, 2}, stopped.handedOver().orElseThrow());
        assertEquals(List.of(), supervisor.held());
        awaitChanges("a", new Starting(0), new Running(0));
        assertEquals(1, kind.starts);
    }

    @Test
    void aStopOfWhatIsNotHereHasNothingToDo() {
        supervisor.start(assignment("a", RestartPolicy.PERMANENT, 5), TestProcesses.NO_EFFECTS);
        assertEquals(Stopped.nothing(), get(supervisor.stop("a", 6, LONG)));
        assertEquals(Stopped.nothing(), get(supervisor.stop("b", 7, LONG)));
        assertEquals(List.of(new Held("a", 7)), supervisor.held());
    }

    @Test
    void aNameWithAnEarlierTokenMustBeStoppedFirst() {
        supervisor.start(assignment("a", RestartPolicy.PERMANENT, 5), TestProcesses.NO_EFFECTS);
        Assignment later = TestProcesses.assignment("a", "scripted", "{}", 8, RestartPolicy.PERMANENT);
        assertThrows(IllegalStateException.class, () -> supervisor.start(later, TestProcesses.NO_EFFECTS));
    }

    /** C8, C17: a crash is repaired where it happened and felt nowhere else. */
    @Test
    void aCrashIsStartedAgainAndTouchesNoOther() {
        supervisor.start(assignment("calm", RestartPolicy.PERMANENT, 5), TestProcesses.NO_EFFECTS);
        ScriptedProcess calm = kind.next();
        supervisor.start(assignment("wild", RestartPolicy.PERMANENT, 5), TestProcesses.NO_EFFECTS);
        kind.next().exit.complete(new Exit.Failed("boom"));
        kind.next();
        awaitChanges("wild", new Starting(0), new Running(0), new Ended(1, "boom"), new Starting(1), new Running(1));
        awaitChanges("calm", new Starting(0), new Running(0));
        assertFalse(calm.exit.isDone());
        assertEquals(List.of(new Held("calm", 7), new Held("wild", 7)), supervisor.held());
    }

    /** C24. */
    @Test
    void aCrashLoopEndsInFailureAndIsLeftAlone() {
        kind.crashAtOnce = true;
        supervisor.start(assignment("loop", RestartPolicy.PERMANENT, 2), TestProcesses.NO_EFFECTS);
        String limit = "; and it had been restarted 2 times within 2000 ms";
        awaitChanges(
                "loop",
                new Starting(0),
                new Running(0),
                new Ended(1, "crashed"),
                new Starting(1),
                new Running(1),
                new Ended(2, "crashed"),
                new Starting(2),
                new Running(2),
                new Failed(2, "crashed" + limit));
        assertEquals(List.of(), supervisor.held());
        assertEquals(3, kind.starts);
    }

    @Test
    void whatCannotBeStartedIsTriedAgainWithinItsLimit() {
        kind.refuseStarts = true;
        supervisor.start(assignment("a", RestartPolicy.TRANSIENT, 1), TestProcesses.NO_EFFECTS);
        awaitChanges(
                "a",
                new Starting(0),
                new Ended(1, "did not start: no such program"),
                new Starting(1),
                new Failed(1, "did not start: no such program; and it had been restarted 1 times within 2000 ms"));
    }

    @Test
    void whatFinishesWellIsNotStartedAgainUnlessItIsPermanent() {
        supervisor.start(assignment("a", RestartPolicy.TRANSIENT, 5), TestProcesses.NO_EFFECTS);
        kind.next().exit.complete(new Exit.Finished());
        awaitChanges("a", new Starting(0), new Running(0), new Finished(0));
        assertEquals(List.of(), supervisor.held());
    }

    @Test
    void aKindThatIsNotHereIsAFailureAndNoAccident() {
        supervisor.start(
                TestProcesses.assignment("a", "unheard-of", "{}", 7, RestartPolicy.TEMPORARY),
                TestProcesses.NO_EFFECTS);
        awaitChanges("a", new Starting(0), new Failed(0, "this node has no kind unheard-of"));
    }

    @Test
    void aStartThatTakesTooLongIsInterruptedAndFails() {
        kind.hangInStart = true;
        supervisor.start(
                TestProcesses.assignment("slow", "scripted", "{}", 7, RestartPolicy.TEMPORARY, Duration.ofMillis(50)),
                TestProcesses.NO_EFFECTS);
        awaitChanges("slow", new Starting(0), new Failed(0, "did not start: interrupted"));
        assertEquals(List.of(), halts);
    }

    @Test
    void aStopInterruptsAStart() {
        kind.hangInStart = true;
        supervisor.start(
                TestProcesses.assignment("slow", "scripted", "{}", 7, RestartPolicy.PERMANENT, LONG),
                TestProcesses.NO_EFFECTS);
        kind.awaitStart();
        assertEquals(Stopped.nothing(), get(supervisor.stop("slow", 7, LONG)));
        assertEquals(List.of(), supervisor.held());
    }

    @Test
    void whatDoesNotStopIsKilled() {
        kind.deaf = true;
        supervisor.start(assignment("deaf", RestartPolicy.PERMANENT, 5), TestProcesses.NO_EFFECTS);
        ScriptedProcess deaf = kind.next();
        awaitChanges("deaf", new Starting(0), new Running(0));
        assertEquals(new Killed(), get(supervisor.stop("deaf", 7, AT_ONCE)));
        assertTrue(deaf.killed);
        assertEquals(List.of(), supervisor.held());
        assertEquals(List.of(), halts);
    }

    @Test
    void aSecondStopThatIsInAHurryShortensTheFirst() {
        kind.deaf = true;
        supervisor.start(assignment("deaf", RestartPolicy.PERMANENT, 5), TestProcesses.NO_EFFECTS);
        kind.next();
        awaitChanges("deaf", new Starting(0), new Running(0));
        CompletionStage<Stop> patient = supervisor.stop("deaf", 7, Duration.ofHours(1));
        assertEquals(new Killed(), get(supervisor.stop("deaf", 7, AT_ONCE)));
        assertEquals(new Killed(), get(patient));
    }

    /** The cluster must be able to rely on the end of what it places elsewhere. */
    @Test
    void whatCannotEvenBeKilledAsksForTheEndOfTheNode() {
        kind.deaf = true;
        kind.immortal = true;
        supervisor.start(assignment("zombie", RestartPolicy.PERMANENT, 5), TestProcesses.NO_EFFECTS);
        ScriptedProcess zombie = kind.next();
        awaitChanges("zombie", new Starting(0), new Running(0));
        assertEquals(new Hanging(), get(supervisor.stop("zombie", 7, AT_ONCE)));
        await().atMost(LONG).until(() -> halts.size() == 1);
        assertEquals(List.of(new Held("zombie", 7)), supervisor.held(), "something of it still runs");
        zombie.exit.complete(new Exit.Finished());
        await().atMost(LONG).until(() -> supervisor.held().isEmpty());
    }

    @Test
    void whatWaitsToBeStartedAgainCanBeStopped() {
        kind.crashAtOnce = true;
        Assignment patient = new Assignment(
                "a",
                "scripted",
                "{}",
                7,
                "n1",
                RestartPolicy.PERMANENT,
                new Intensity(1, Duration.ofHours(1)),
                LONG,
                LONG,
                Optional.empty(),
                Map.of());
        supervisor.start(patient, TestProcesses.NO_EFFECTS);
        await().atMost(LONG).until(() -> changes.getOrDefault("a", List.of()).contains(new Ended(1, "crashed")));
        get(supervisor.stop("a", 7, LONG));
        assertEquals(List.of(), supervisor.held());
    }

    @Test
    void aListenerThatFailsDoesNotStopTheWork() {
        Supervisor other = new Supervisor(new Supervisor.Parts(
                TestProcesses.only(kind),
                (name, token, change) -> {
                    throw new IllegalStateException("broken");
                },
                new OutputConfig(directory.resolve("other"), 1 << 20, 2),
                System::nanoTime,
                System::currentTimeMillis,
                LONG,
                halts::add));
        try (other) {
            other.start(assignment("a", RestartPolicy.TRANSIENT, 5), TestProcesses.NO_EFFECTS);
            kind.next().exit.complete(new Exit.Finished());
            await().atMost(LONG).until(() -> other.held().isEmpty());
        }
    }

    @Test
    void allAreStoppedSideBySide() {
        kind.deaf = true;
        for (int each = 0; each < 5; each++) {
            supervisor.start(assignment("p" + each, RestartPolicy.PERMANENT, 5), TestProcesses.NO_EFFECTS);
            kind.next();
        }
        await().atMost(LONG)
                .until(() -> changes.values().stream()
                                .filter(told -> told.size() == 2)
                                .count()
                        == 5);
        supervisor.stopAll(AT_ONCE);
        await().atMost(LONG).until(() -> supervisor.held().isEmpty());
    }

    @Test
    void whatIsSaidCanBeReadAfterwards() throws Exception {
        supervisor.start(assignment("a", RestartPolicy.TRANSIENT, 5), TestProcesses.NO_EFFECTS);
        ScriptedProcess process = kind.next();
        process.output.line("out", "hello");
        process.exit.complete(new Exit.Finished());
        awaitChanges("a", new Starting(0), new Running(0), new Finished(0));
        List<LogLine> lines = new CopyOnWriteArrayList<>();
        AutoCloseable following = supervisor.follow("a", 100, lines::add);
        await().atMost(LONG).until(() -> lines.size() >= 4);
        following.close();
        assertEquals(
                List.of("parley placed here with token 7", "out hello", "parley runs", "parley finished").stream()
                        .sorted()
                        .toList(),
                lines.stream()
                        .map(line -> line.stream() + " " + line.text())
                        .sorted()
                        .toList());
    }

    private static Assignment assignment(String name, RestartPolicy restart, int restarts) {
        return TestProcesses.assignment(name, "scripted", "{}", 7, restart, LONG, restarts);
    }

    private void awaitChanges(String name, Change... expected) {
        await().atMost(LONG).untilAsserted(() -> assertEquals(List.of(expected), changes.get(name)));
    }

    private static Stop get(CompletionStage<Stop> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Does as it is told by the test. */
    private static final class ScriptedKind implements Kind {
        private final LinkedBlockingQueue<ScriptedProcess> started = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> starting = new LinkedBlockingQueue<>();
        private volatile boolean crashAtOnce;
        private volatile boolean refuseStarts;
        private volatile boolean hangInStart;
        private volatile boolean deaf;
        private volatile boolean immortal;
        private volatile int starts;

        ScriptedProcess next() {
            try {
                ScriptedProcess process = started.poll(60, TimeUnit.SECONDS);
                assertTrue(process != null, "nothing was started");
                return process;
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        void awaitStart() {
            try {
                assertTrue(starting.poll(60, TimeUnit.SECONDS) != null, "nothing is being started");
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public List<Fault> faults(String argumentsJson) {
            return List.of();
        }

        @Override
        public dev.parley.coordination.process.RunningProcess start(
                Assignment assignment, dev.parley.coordination.process.Effects effects, LogSink output) {
            starting.add(assignment.name());
            if (refuseStarts) {
                throw new StartFault("no such program");
            }
            if (hangInStart) {
                try {
                    new java.util.concurrent.CountDownLatch(1).await();
                } catch (InterruptedException tooLong) {
                    throw new StartFault("interrupted");
                }
            }
            starts++;
            ScriptedProcess process = new ScriptedProcess(output, deaf, immortal);
            started.add(process);
            if (crashAtOnce) {
                process.exit.complete(new Exit.Failed("crashed"));
            }
            return process;
        }
    }
}
