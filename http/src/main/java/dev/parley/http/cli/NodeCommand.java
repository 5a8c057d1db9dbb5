package dev.parley.http.cli;

import dev.parley.http.node.Join;
import dev.parley.http.node.NodeConfig;
import dev.parley.http.node.Setting;
import dev.parley.http.node.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley node}: one node of a cluster, as configured. */
@Command(
        name = "node",
        description = "Runs one node of a cluster: with an external ZooKeeper, as a member of an embedded ensemble, or"
                + " joined to nodes that run already.")
final class NodeCommand implements Runnable {
    /** Where {@code parley cluster} and {@code parley dev} keep the secret when nobody said otherwise. */
    private static final List<Path> USUAL_SECRETS =
            List.of(Path.of("data", "cluster", "secret"), Path.of("data", "dev", "identity", "secret"));

    private static final Duration FOREVER = Duration.ofDays(10_000);

    private final Terminal terminal;
    private final SettingFlags flags = new SettingFlags();

    @Option(
            names = "--join",
            paramLabel = "<url>",
            description = "A node of a running cluster, which tells where ZooKeeper is. Needs the cluster's secret:"
                    + " --secret-file or PARLEY_CLUSTER_SECRET; of a cluster on this machine the one in"
                    + " ./data/cluster is found.")
    private String join = "";

    @Option(names = "--end-with-stdin", hidden = true, description = "For a parent that wants no orphans.")
    private boolean endWithStdin;

    private NodeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine line(Terminal terminal) {
        var command = new NodeCommand(terminal);
        var line = new CommandLine(command);
        command.flags.addTo(line.getCommandSpec(), Map.of());
        return line;
    }

    @Override
    public void run() {
        NodeConfig config = join.isEmpty() ? configured() : joined();
        var running = RunningNode.start(config);
        if (endWithStdin) {
            running.endWith(terminal.in());
        }
        if (running.awaitReady(FOREVER)) {
            terminal.out()
                    .println("ready node=" + running.node().id() + " url="
                            + config.http().advertiseUrl() + " after=" + DevCommand.sinceStart() + "s");
        }
        running.join();
    }

    private NodeConfig configured() {
        return NodeConfig.from(flags.sources(Map.of(), terminal.environment()));
    }

    private NodeConfig joined() {
        Map<Setting, String> found = new EnumMap<>(Setting.class);
        var alone = NodeConfig.from(flags.sources(Map.of(), terminal.environment()));
        if (alone.secret().isEmpty()) {
            found.put(Setting.CLUSTER_SECRET_FILE, usualSecret().toString());
        }
        NodeConfig config = NodeConfig.from(flags.sources(found, terminal.environment()));
        Join.Answer cluster;
        try {
            cluster = Join.ask(join, config);
        } catch (StartFailure refused) {
            throw new CommandFailure(ExitCode.FAILED, refused.getMessage());
        }
        found.put(Setting.CLUSTER_ID, cluster.cluster());
        found.put(Setting.ZOOKEEPER_CONNECT, cluster.connect());
        found.put(Setting.CLUSTER_MAY_BEGIN, "false");
        return NodeConfig.from(flags.sources(found, terminal.environment()));
    }

    private Path usualSecret() {
        boolean here = join.startsWith("http://127.") || join.startsWith("http://localhost");
        return USUAL_SECRETS.stream()
                .filter(file -> here && Files.isReadable(file))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE,
                        "--join needs the cluster's secret: give --secret-file <data of the cluster>/secret, or"
                                + " PARLEY_CLUSTER_SECRET"));
    }
}
