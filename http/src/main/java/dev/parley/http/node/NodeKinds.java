package dev.parley.http.node;

import dev.parley.coordination.process.Kinds;
import dev.parley.coordination.process.callback.CallbackKind;
import dev.parley.coordination.process.callback.Calls;
import dev.parley.coordination.process.callback.Hosts;
import dev.parley.coordination.process.command.CommandKind;
import dev.parley.coordination.process.command.Guarding;
import dev.parley.coordination.process.command.Programs;
import dev.parley.coordination.process.cron.Actions;
import dev.parley.coordination.process.cron.Cron;
import dev.parley.coordination.process.host.OutputConfig;
import dev.parley.coordination.process.kind.InstalledKinds;
import dev.parley.store.kv.Leases;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds of this node, with what its configuration lets them do. */
final class NodeKinds implements AutoCloseable {
    /** Of the node's own environment, what programs may have: the rest may be secret. */
    private static final List<String> PASSED_ON = List.of("PATH", "HOME", "LANG", "TZ", "TMPDIR");

    private final NodeConfig.Processes config;
    private final Programs programs;
    private final Calls calls = new Calls();
    private final Kinds kinds;

    private NodeKinds(NodeConfig.Processes config, Programs programs, Replica replica, Ambient ambient) {
        this.config = config;
        this.programs = programs;
        var hosts = new Hosts(config.callbackHosts());
        var actions = new Actions(hosts, calls, CommandKind.byName(config.commands()), programs);
        this.kinds = InstalledKinds.with(List.of(
                new CommandKind(config.commands(), programs),
                new CallbackKind(hosts, calls, lease -> lives(replica, lease), ambient.nanos()),
                InstalledKinds.of(new Cron(actions, ambient.epochMillis(), ambient.ids()))));
    }

    /** As far as this node knows; while it knows nothing, nothing is dead. */
    private static boolean lives(Replica replica, long lease) {
        Optional<StateView> newest = replica.view();
        if (newest.isEmpty()) {
            return true;
        }
        try (StateView view = newest.get()) {
            return Leases.find(view, lease).isPresent();
        }
    }

    static NodeKinds open(NodeConfig.Processes config, Replica replica, Ambient ambient) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().retainAll(PASSED_ON);
        return new NodeKinds(
                config,
                new Programs(Guarding.byThisProgram(config.guardTimeout(), environment, ambient.ids())),
                replica,
                ambient);
    }

    Kinds kinds() {
        return kinds;
    }

    OutputConfig output(Path directory) {
        return new OutputConfig(directory, config.outputFileBytesMax(), config.outputFilesMax());
    }

    /** Kills the programs that run. May be called twice. */
    @Override
    public void close() {
        programs.close();
        calls.close();
    }
}
