package dev.parley.http.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley cluster}: several nodes on this machine, each a process. */
@Command(
        name = "cluster",
        description = "Runs a cluster on this machine, each node a process of its own. Prints a line for each, then"
                + " ready. A node that dies is reported and not restarted. Started again with the same --data it"
                + " continues.")
final class ClusterCommand implements Runnable {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final int NODES_MAX = 9;
    private static final int PORT_MIN = 1024;

    private final Terminal terminal;
    private final List<NodeProcess> processes = new ArrayList<>();
    private final Set<String> dead = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch allGone = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger(ExitCode.OK);

    @Option(names = "--nodes", paramLabel = "<count>", description = "1 to 9. Default: ${DEFAULT-VALUE}")
    private int nodes = 3;

    @Option(
            names = "--port",
            paramLabel = "<port>",
            description = "Of the first node; the others follow upward. ZooKeeper's are 10000, 15000 and 20000 above."
                    + " Default: ${DEFAULT-VALUE}")
    private int port = 7071;

    @Option(names = "--data", paramLabel = "<path>", description = "Default: ${DEFAULT-VALUE}")
    private Path data = Path.of("./data/cluster");

    @Option(names = "--log-format", paramLabel = "<text or json>", description = "Of the nodes' log files.")
    private String logFormat = "text";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ClusterCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        if (nodes < 1 || nodes > NODES_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--nodes must be from 1 to " + NODES_MAX + ", was " + nodes);
        }
        if (port < PORT_MIN || port + nodes > 65_536) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--port must be from " + PORT_MIN + " to " + (65_536 - nodes) + ", was " + port);
        }
        var layout = ClusterLayout.in(data, nodes, port);
        Path secret = layout.secretFile(new SecureRandom());
        requireFreePorts(layout);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAll, "stop"));
        var ready = new CountDownLatch(nodes);
        for (int number = 1; number <= nodes; number++) {
            start(layout, number, secret, ready);
        }
        awaitQuietly(ready);
        if (dead.isEmpty() && !stopping.get()) {
            terminal.out().println("ready");
        } else if (!stopping.get()) {
            throw failed(String.join(", ", dead) + " ended before the cluster was ready; the logs are " + data
                    + "/n*/parley.log");
        }
        awaitQuietly(allGone);
        throw failed("every node has ended");
    }

    private CommandFailure failed(String sentence) {
        exitCode.set(ExitCode.FAILED);
        return new CommandFailure(ExitCode.FAILED, sentence);
    }

    private void start(ClusterLayout layout, int number, Path secret, CountDownLatch ready) {
        Map<String, String> settings = layout.settings(number, secret);
        settings.put("logging.format", logFormat);
        String name = layout.name(number);
        var node = NodeProcess.start(name, settings, line -> {
            if (line.startsWith("ready ")) {
                ready.countDown();
            } else {
                terminal.err().println(name + ": " + line.replaceFirst("^parley: ", ""));
            }
        });
        processes.add(node);
        terminal.out().println(name + " pid=" + node.pid() + " url=" + layout.url(number));
        node.onExit(exitCode -> onExit(node, exitCode, ready));
    }

    private void onExit(NodeProcess node, int exitCode, CountDownLatch ready) {
        if (stopping.get()) {
            return;
        }
        dead.add(node.name());
        terminal.out().println(node.name() + " pid=" + node.pid() + " died exit=" + exitCode);
        while (ready.getCount() > 0) {
            ready.countDown();
        }
        if (dead.size() == nodes) {
            allGone.countDown();
        }
    }

    /** A sentence now is better than three log files. */
    private void requireFreePorts(ClusterLayout layout) {
        for (int number = 1; number <= nodes; number++) {
            int wanted = port + number - 1;
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            } catch (java.io.IOException taken) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        "port " + wanted + " is taken; choose others with --port (" + layout.name(number)
                                + " listens there)");
            }
        }
    }

    private void stopAll() {
        stopping.set(true);
        processes.forEach(NodeProcess::stop);
        processes.forEach(node -> node.join(STOP_WITHIN));
        Runtime.getRuntime().halt(exitCode.get());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
