package dev.parley.http.cli;

import dev.parley.http.node.ConfigException;
import dev.parley.http.node.NodeConfig;
import dev.parley.http.node.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code parley dev}: one node to try things with. */
@Command(
        name = "dev",
        description = "Runs one node with a ZooKeeper server of its own, on this machine only. Prints where it is; all"
                + " else goes to its log file.")
final class DevCommand implements Runnable {
    static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private static final Map<Setting, String> DEFAULTS =
            new EnumMap<>(Map.of(Setting.DATA_DIRECTORY, "./data/dev", Setting.NODE_ID, "dev"));

    private final Terminal terminal;
    private final SettingFlags flags = new SettingFlags();

    private DevCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine line(Terminal terminal) {
        var command = new DevCommand(terminal);
        var line = new CommandLine(command);
        command.flags.addTo(line.getCommandSpec(), DEFAULTS);
        return line;
    }

    @Override
    public void run() {
        NodeConfig config = NodeConfig.from(flags.sources(DEFAULTS, terminal.environment()));
        if (config.zookeeper() instanceof NodeConfig.ZooKeeper.Embedded embedded
                && embedded.peers().size() > 1) {
            throw new ConfigException("zookeeper.embedded.peers must be left out with dev, which is one node; use"
                    + " parley cluster, or parley node");
        }
        var running = RunningNode.start(config);
        terminal.out().println("parley " + Version.text() + ", one node");
        terminal.out()
                .println("data   " + config.dataDirectory() + (running.node().isContinued() ? " (continued)" : " (new)")
                        + ", log in " + config.logging().file());
        if (!running.awaitReady(READY_WITHIN)) {
            throw running.abandoned(new CommandFailure(
                    ExitCode.UNAVAILABLE,
                    "not ready after " + READY_WITHIN.toSeconds() + " s: "
                            + running.node().missing() + "; see "
                            + config.logging().file()));
        }
        String url = config.http().advertiseUrl();
        terminal.out().println("ready  after " + sinceStart() + " s");
        terminal.out().println("url    " + url);
        terminal.out().println("try    curl -X PUT " + url.replace("http://", "") + "/v1/kv/greeting -d hello");
        running.join();
    }

    /** Of the process: what the person waited. */
    static String sinceStart() {
        Duration waited = ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()))
                .orElse(Duration.ZERO);
        return String.format(Locale.ROOT, "%.1f", waited.toMillis() / 1000.0);
    }
}
