package dev.parley.http.api;

import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.Kinds;
import dev.parley.coordination.process.Placer;
import dev.parley.coordination.process.ProcessAgent;
import dev.parley.coordination.process.ProcessHost;
import dev.parley.coordination.process.host.OutputConfig;
import dev.parley.coordination.process.host.Supervisor;
import dev.parley.coordination.process.kind.InstalledKinds;
import dev.parley.coordination.process.kind.ProcessFactory;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.SingleNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** A cluster of one in memory that runs processes, and a server on it. */
final class ProcessNode implements AutoCloseable, ProcessDesk {
    private final SingleNode node = SingleNode.start();
    private final Kinds kinds = InstalledKinds.with(List.of(InstalledKinds.of(new Crashing())));
    private final ProcessAgent agent;
    private final Placer placer;
    private final Supervisor host;
    private final TestServer server;
    final Set<String> halts = ConcurrentHashMap.newKeySet();

    ProcessNode(Path output) {
        agent = new ProcessAgent("n1", node.replica(), () -> Duration.ofSeconds(60), System::nanoTime, halts::add);
        host = new Supervisor(new Supervisor.Parts(
                kinds,
                agent,
                new OutputConfig(output, 1 << 20, 2),
                System::nanoTime,
                System::currentTimeMillis,
                Duration.ofSeconds(5),
                halts::add));
        placer = new Placer(node.replica(), view -> Set.of());
        server = TestServer.of(TestServer.listen(node.replica(), this));
        node.replica().campaign(true);
    }

    /** From now on something can run here; until then everything is pending. */
    void run() {
        var enter = new AttendanceCommand.Enter(
                "n1", new UUID(1, 2), "1", List.of("disk=ssd"), 1, AttendanceCommand.Origin.NONE);
        await(() -> node.replica().status().leader());
        node.replica().submit(Submission.of(enter), Duration.ofSeconds(30));
        agent.start(host);
        placer.start();
    }

    static void await(BooleanSupplier condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(condition::getAsBoolean);
    }

    TestServer server() {
        return server;
    }

    @Override
    public Kinds kinds() {
        return kinds;
    }

    @Override
    public Optional<ProcessHost> host() {
        return Optional.of(host);
    }

    @Override
    public void close() {
        agent.close();
        placer.close();
        server.close();
        node.close();
    }

    /** Says a line and throws. */
    private static final class Crashing implements ProcessFactory {
        @Override
        public String kind() {
            return "crashing";
        }

        @Override
        public List<Kind.Fault> faults(String argumentsJson) {
            return List.of();
        }

        @Override
        public Work create(Instance instance) {
            return () -> {
                instance.say("about to crash");
                throw new IllegalStateException("crashed on purpose");
            };
        }
    }
}
