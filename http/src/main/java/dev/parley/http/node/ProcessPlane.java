package dev.parley.http.node;

import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.NodeReports.Report;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.process.Kinds;
import dev.parley.coordination.process.Placer;
import dev.parley.coordination.process.ProcessAgent;
import dev.parley.coordination.process.ProcessHost;
import dev.parley.coordination.process.host.Supervisor;
import dev.parley.http.api.ProcessDesk;
import dev.parley.store.kv.Attendants;
import dev.parley.store.kv.Attendants.Attendant;
import dev.parley.store.kv.MapView;
import dev.parley.store.replica.FaultHandler;
import dev.parley.store.replica.Replica;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The processes of this node, and, while it leads, where those of all nodes run. */
final class ProcessPlane implements ProcessDesk, AutoCloseable {
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(2);

    private final NodeKinds kinds;
    private final ProcessHost host;
    private final ProcessAgent agent;
    private final Placer placer;

    private ProcessPlane(NodeKinds kinds, ProcessHost host, ProcessAgent agent, Placer placer) {
        this.kinds = kinds;
        this.host = host;
        this.agent = agent;
        this.placer = placer;
    }

    /** Begins at once; runs nothing before the node has joined. @param output where what instances say is kept */
    static ProcessPlane open(
            String node,
            NodeConfig.Processes config,
            Replica replica,
            ControlBoard board,
            Surroundings surroundings,
            Path output,
            FaultHandler faults,
            Ambient ambient) {
        NodeKinds kinds = NodeKinds.open(config, replica, ambient);
        Consumer<String> halt = why -> faults.fault(why, new IllegalStateException(why));
        var agent = new ProcessAgent(node, replica, surroundings::sessionTimeout, ambient.nanos(), halt);
        var host = new Supervisor(new Supervisor.Parts(
                kinds.kinds(),
                agent,
                kinds.output(output),
                ambient.nanos(),
                ambient.epochMillis(),
                KILL_PATIENCE,
                halt));
        var placer = new Placer(replica, view -> draining(view, node, board));
        agent.start(host);
        placer.start();
        return new ProcessPlane(kinds, host, agent, placer);
    }

    private static Set<String> draining(MapView view, String self, ControlBoard board) {
        return Attendants.all(view).stream()
                .filter(attendant -> attendant.node().equals(self) ? board.isDraining() : isLeaving(attendant, board))
                .map(Attendant::node)
                .collect(Collectors.toSet());
    }

    private static boolean isLeaving(Attendant attendant, ControlBoard board) {
        return board.reports()
                .of(new PeerIdentity(attendant.node(), attendant.incarnation()))
                .map(Report::leaving)
                .orElse(false);
    }

    @Override
    public Kinds kinds() {
        return kinds.kinds();
    }

    @Override
    public Optional<ProcessHost> host() {
        return Optional.of(host);
    }

    /** Hands on what runs here, or stops it. May be called twice. */
    @Override
    public void close() {
        agent.close();
        placer.close();
        kinds.close();
    }
}
