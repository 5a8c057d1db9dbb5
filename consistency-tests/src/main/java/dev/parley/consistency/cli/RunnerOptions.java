package dev.parley.consistency.cli;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Docker;
import dev.parley.consistency.cluster.DockerEngine;
import dev.parley.consistency.cluster.Endpoints;
import dev.parley.consistency.cluster.Processes;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the cluster under test comes from. */
final class RunnerOptions {
    @Option(
            names = "--endpoints",
            split = ",",
            paramLabel = "URL",
            description = "Test this running cluster, without faults.")
    private List<URI> endpoints = List.of();

    @Option(
            names = "--runner",
            paramLabel = "RUNNER",
            defaultValue = "docker",
            description = "docker or process (kill, stop and pause only); default ${DEFAULT-VALUE}.")
    private String runner;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "1, 3 or 5; default ${DEFAULT-VALUE}.")
    private int nodes;

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            defaultValue = "parley:test",
            description = "What docker/build made; default ${DEFAULT-VALUE}.")
    private String image;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            defaultValue = "http/target/parley.jar",
            description = "For local processes; default ${DEFAULT-VALUE}.")
    private Path jar;

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            description = "Run a node built wrong on purpose; only such a build knows the name.")
    private String variant = "";

    List<URI> endpoints() {
        return endpoints;
    }

    /** Whether nodes are local processes. */
    boolean processes() {
        return runner.equals("process");
    }

    /** Where no container can be run, local processes take their place, and that is said. */
    void fallBack(PrintWriter out) {
        if (runner.equals("docker") && endpoints.isEmpty() && !DockerEngine.answers()) {
            out.println(
                    "No Docker engine answers: running on local processes, which can be killed, stopped and paused only.");
            out.flush();
            runner = "process";
        }
    }

    /** Starts the cluster, or names the one that runs. */
    Cluster open(Path directory, List<String> faults) {
        return open(directory, faults, variant);
    }

    Cluster open(Path directory, List<String> faults, String variant) {
        if (!endpoints.isEmpty()) {
            return new Endpoints(endpoints);
        }
        if (nodes != 1 && nodes != 3 && nodes != 5) {
            throw new IllegalArgumentException("--nodes must be 1, 3 or 5");
        }
        return switch (runner) {
            case "process" -> {
                if (!Files.isRegularFile(jar)) {
                    throw new IllegalArgumentException("there is no jar " + jar + "; build it, or give --jar");
                }
                yield new Processes(java(), jar.toAbsolutePath(), nodes, directory, environment(variant));
            }
            case "docker" -> {
                boolean clocks = faults.stream().anyMatch(fault -> fault.contains("clock"));
                boolean disks = faults.stream().anyMatch(fault -> fault.contains("disk-full"));
                yield new Docker(new Docker.Kind(image, nodes, environment(variant), clocks, disks), directory);
            }
            default -> throw new IllegalArgumentException("--runner must be docker or process, not " + runner);
        };
    }

    private static Map<String, String> environment(String variant) {
        Map<String, String> environment = new HashMap<>();
        if (!variant.isEmpty()) {
            environment.put("PARLEY_VARIANT", variant);
        }
        return environment;
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The options as they would be given again. */
    String command() {
        StringBuilder command = new StringBuilder();
        if (!endpoints.isEmpty()) {
            return " --endpoints "
                    + String.join(",", endpoints.stream().map(URI::toString).toList());
        }
        command.append(" --runner ").append(runner).append(" --nodes ").append(nodes);
        if (!variant.isEmpty()) {
            command.append(" --variant ").append(variant);
        }
        return command.toString();
    }
}
