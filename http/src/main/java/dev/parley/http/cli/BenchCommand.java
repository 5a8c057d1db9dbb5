package dev.parley.http.cli;

import dev.parley.http.Nearest;
import dev.parley.http.cli.bench.Bench;
import dev.parley.http.cli.bench.BenchPlan;
import dev.parley.http.cli.bench.BenchPlan.Protocol;
import dev.parley.http.cli.bench.BenchPlan.Workload;
import dev.parley.http.cli.bench.WatchBench;
import dev.parley.http.cli.bench.WatchRun;
import dev.parley.http.node.Units;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley bench}: load on a running store, and how fast it answers. */
@Command(
        name = "bench",
        description = "Puts load on a running store and prints rate and latency. Each client is a closed loop on a"
                + " connection of its own.")
final class BenchCommand implements Runnable {
    private static final Duration FILL_WITHIN = Duration.ofMinutes(10);
    private static final int FILL_CONNECTIONS = 64;

    private final Terminal terminal;

    @Option(
            names = "--target",
            split = ",",
            paramLabel = "<url>",
            description = "One or more, with commas. Default: http://127.0.0.1:7070")
    private List<String> targets = List.of("http://127.0.0.1:7070");

    @Option(
            names = "--workload",
            paramLabel = "<name>",
            description =
                    "put, get, get-stale, mixed, bulk; watch: streams of one prefix, and how long events take; watch-idle:"
                            + " streams of keys nobody writes, held for the duration.")
    private String workload = "put";

    @Option(names = "--protocol", paramLabel = "<name>", description = "parley, or etcd for etcd's HTTP gateway.")
    private String protocol = "parley";

    @Option(names = "--clients", paramLabel = "<count>", description = "Default: ${DEFAULT-VALUE}")
    private int clients = 64;

    @Option(names = "--duration", paramLabel = "<duration>", description = "Default: ${DEFAULT-VALUE}")
    private String duration = "10s";

    @Option(
            names = "--warmup",
            paramLabel = "<duration>",
            description = "Load before it, not measured. Default: ${DEFAULT-VALUE}")
    private String warmup = "2s";

    @Option(names = "--keys", paramLabel = "<count>", description = "Drawn at random. Default: ${DEFAULT-VALUE}")
    private int keys = 100_000;

    @Option(names = "--value-bytes", paramLabel = "<count>", description = "Default: ${DEFAULT-VALUE}")
    private int valueBytes = 128;

    @Option(names = "--read-percent", paramLabel = "<0-100>", description = "Of mixed. Default: ${DEFAULT-VALUE}")
    private int readPercent = 50;

    @Option(
            names = "--bulk-lines",
            paramLabel = "<count>",
            description = "Lines of one bulk request. Default: ${DEFAULT-VALUE}")
    private int bulkLines = 10_000;

    @Option(names = "--threads", paramLabel = "<count>", description = "Of the generator. Default: ${DEFAULT-VALUE}")
    private int threads = 1;

    @Option(names = "--seed", paramLabel = "<number>", description = "Of keys and values. Default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(names = "--watchers", paramLabel = "<count>", description = "Of watch. Default: ${DEFAULT-VALUE}")
    private int watchers = 100;

    @Option(
            names = "--rate",
            paramLabel = "<count>",
            description = "Writes a second of watch. Default: ${DEFAULT-VALUE}")
    private int rate = 20;

    @Option(names = "--no-fill", description = "The keys are there already; else a reading workload first writes each.")
    private boolean noFill;

    @Option(names = "--json", description = "Prints one JSON object, for programs.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        if (workload.startsWith("watch")) {
            watch();
            return;
        }
        BenchPlan plan = plan();
        if (plan.workload().reads() && !noFill) {
            var fill = Bench.run(plan.with(Workload.FILL, FILL_CONNECTIONS, FILL_WITHIN), seed, System::nanoTime);
            if (fill.operations() < plan.keys()) {
                throw new CommandFailure(
                        ExitCode.UNAVAILABLE,
                        "only " + fill.operations() + " of " + plan.keys() + " keys could be written: "
                                + fill.failures());
            }
        }
        var report = Bench.run(plan, seed, System::nanoTime);
        terminal.out().println(json ? report.json() : report.text());
        if (report.operations() == 0) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "no request succeeded: " + report.failures());
        }
    }

    private void watch() {
        boolean idle = workload.equals("watch-idle");
        if (!idle && !workload.equals("watch")) {
            throw wrong("--workload must be watch or watch-idle, was " + workload);
        }
        var plan = new WatchBench.Plan(
                targets.stream().map(this::address).toList(),
                within("--watchers", watchers, 1, 60_000),
                idle,
                idle ? 0 : within("--rate", rate, 1, 10_000),
                length("--duration", duration));
        var report = WatchRun.run(plan, System::nanoTime, () -> terminal.out().println("watching"));
        terminal.out().println(report.text());
        if (!report.isComplete()) {
            throw new CommandFailure(ExitCode.FAILED, "not every event came to every watcher once");
        }
    }

    private BenchPlan plan() {
        Protocol spoken = oneOf("--protocol", protocol, Protocol.values());
        Workload work = oneOf(
                "--workload",
                workload,
                Arrays.stream(Workload.values())
                        .filter(each -> each != Workload.FILL)
                        .toArray(Workload[]::new));
        if (spoken == Protocol.ETCD && work == Workload.BULK) {
            throw wrong("--workload bulk is not known to etcd");
        }
        return new BenchPlan(
                targets.stream().map(this::address).toList(),
                spoken,
                work,
                within("--clients", clients, 1, 20_000),
                length("--duration", duration),
                length("--warmup", warmup),
                within("--keys", keys, 1, 999_999_999),
                within("--value-bytes", valueBytes, 0, 1_000_000),
                within("--read-percent", readPercent, 0, 100),
                within("--bulk-lines", bulkLines, 1, 100_000_000),
                within("--threads", threads, 1, 64));
    }

    private <E extends Enum<E>> E oneOf(String flag, String given, E[] known) {
        List<String> names = Arrays.stream(known).map(BenchCommand::name).toList();
        return Arrays.stream(known)
                .filter(each -> name(each).equals(given))
                .findFirst()
                .orElseThrow(() -> wrong(flag + " must be one of " + String.join(", ", names) + ", was " + given
                        + Nearest.hint(given, names)));
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private int within(String flag, int value, int min, int max) {
        if (value < min || value > max) {
            throw wrong(flag + " must be from " + min + " to " + max + ", was " + value);
        }
        return value;
    }

    private Duration length(String flag, String text) {
        return Units.duration(text)
                .orElseThrow(() -> wrong(flag + " must be a whole number and a unit, such as 10s, was " + text));
    }

    private InetSocketAddress address(String url) {
        try {
            URI uri = URI.create(url);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
                return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
            }
        } catch (IllegalArgumentException malformed) {
            throw wrong("--target must be a URL such as http://127.0.0.1:7070, was " + url);
        }
        throw wrong("--target must be a URL such as http://127.0.0.1:7070, was " + url);
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
