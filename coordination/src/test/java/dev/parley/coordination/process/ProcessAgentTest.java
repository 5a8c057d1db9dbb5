package dev.parley.coordination.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Effects.Area;
import dev.parley.coordination.process.Effects.Effect;
import dev.parley.coordination.process.Effects.Write;
import dev.parley.coordination.process.Standing.State;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.ProcessCommand;
import dev.parley.store.kv.ProcessCommand.SteerProcess.Wish;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.Processes;
import dev.parley.store.kv.RestartPolicy;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.SingleNode;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class ProcessAgentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SingleNode node = SingleNode.start();
    private final Set<String> halts = ConcurrentHashMap.newKeySet();
    private final ProcessAgent agent =
            new ProcessAgent("n1", node.replica(), () -> Duration.ofSeconds(1), System::nanoTime, halts::add);
    private final Placer placer = new Placer(node.replica(), view -> Set.of());
    private final Host host = new Host();

    /** Runs nothing, and says that it does. */
    private final class Host implements ProcessHost {
        final Map<String, Effects> running = new ConcurrentHashMap<>();
        final Map<String, Long> tokens = new ConcurrentHashMap<>();
        final AtomicInteger stopsOfAll = new AtomicInteger();

        @Override
        public void start(Assignment assignment, Effects effects) {
            tokens.put(assignment.name(), assignment.token());
            running.put(assignment.name(), effects);
            agent.changed(assignment.name(), assignment.token(), new Running(0));
        }

        @Override
        public CompletionStage<Stop> stop(String name, long token, Duration within) {
            running.remove(name);
            return CompletableFuture.completedStage(new Stopped(Optional.of(new byte[] {7})));
        }

        @Override
        public List<Held> held() {
            return running.keySet().stream()
                    .map(name -> new Held(name, tokens.get(name)))
                    .toList();
        }

        @Override
        public AutoCloseable follow(String name, int newest, LogListener listener) {
            return () -> {};
        }

        @Override
        public List<Held> stopAll(Duration within) {
            stopsOfAll.incrementAndGet();
            running.clear();
            return List.of();
        }

        @Override
        public void close() {
            running.clear();
        }
    }

    @BeforeEach
    void begin() {
        node.replica().campaign(true);
        await(() -> node.replica().status().leader());
        submit(new AttendanceCommand.Enter("n1", new UUID(1, 1), "1", List.of(), 1, AttendanceCommand.Origin.NONE));
        agent.start(host);
        placer.start();
        submit(new ProcessCommand.PutProcess(
                "p",
                new ProcessSpecification(
                        "k",
                        "{}",
                        RestartPolicy.PERMANENT,
                        5,
                        1_000,
                        1,
                        List.of(),
                        true,
                        1_000,
                        1_000,
                        List.of(),
                        Map.of())));
        await(() -> state() == State.RUNNING);
    }

    @AfterEach
    void end() {
        agent.close();
        placer.close();
        node.close();
        assertEquals(Set.of(), halts);
    }

    private static void await(BooleanSupplier condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition::getAsBoolean);
    }

    private void submit(Command command) {
        node.replica().submit(Submission.of(command), PATIENCE);
    }

    private State state() {
        try (StateView view = node.replica().view().orElseThrow()) {
            return Standing.of(view, Processes.find(view, "p").orElseThrow()).state();
        }
    }

    private static Effect write(Effects effects) {
        return effects.write(Write.of(Area.KEYS, "k", new byte[] {1}));
    }

    @Test
    @DisplayName("D3, M16: a node that gets no answers stops what it runs, and runs it again when it gets some")
    void everythingStopsWhileTheClusterDoesNotAnswer() {
        node.disconnect();
        await(() -> host.stopsOfAll.get() > 0 && host.running.isEmpty());
        node.reconnect();
        await(() -> host.running.containsKey("p"));
    }

    @Test
    void aStoppedInstanceGivesItsStateAndIsListenedToNoMore() {
        await(() -> host.running.containsKey("p"));
        Effects effects = host.running.get("p");
        submit(new ProcessCommand.SteerProcess("p", Wish.STOP, ""));
        await(() -> state() == State.STOPPED);

        assertEquals(new Effect.Fenced(), write(effects));
        try (StateView view = node.replica().view().orElseThrow()) {
            assertEquals(Optional.of(Bytes.wrap(new byte[] {7})), Processes.handedOver(view, "p"));
        }
        submit(new ProcessCommand.SteerProcess("p", Wish.RESTART, ""));
        await(() -> state() == State.RUNNING);
        assertEquals(new Effect.Fenced(), write(effects));
        await(() -> host.running.containsKey("p") && write(host.running.get("p")) instanceof Effect.Done);
    }

    @Test
    void aNodeThatStopsGivesItsPlacesBack() {
        agent.close();
        assertTrue(host.running.isEmpty());
    }
}
