package dev.parley.consistency.cli;

import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Docker;
import dev.parley.consistency.cluster.DockerEngine;
import dev.parley.consistency.cluster.Endpoints;
import dev.parley.consistency.cluster.Processes;
import dev.parley.consistency.nemesis.Faults;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
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
            names = "--zookeeper",
            paramLabel = "WHERE",
            defaultValue = "embedded",
            description =
                    "embedded in the nodes, or external: three servers of their own (docker only); default ${DEFAULT-VALUE}.")
    private String zookeeper;

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            defaultValue = "parley:test",
            description = "What docker/build made; default ${DEFAULT-VALUE}.")
    private String image;

    @Mixin
    private BuildOptions builds;

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            description = "Run nodes that are wrong on purpose, of target/variants; convict --list names them.")
    private String variant = "";

    List<URI> endpoints() {
        return endpoints;
    }

    /** The release on this machine. */
    Path jar() {
        return builds.jar();
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
        if (!endpoints.isEmpty()) {
            return new Endpoints(endpoints);
        }
        if (nodes != 1 && nodes != 3 && nodes != 5) {
            throw new IllegalArgumentException("--nodes must be 1, 3 or 5");
        }
        if (!List.of("embedded", "external").contains(zookeeper)) {
            throw new IllegalArgumentException("--zookeeper must be embedded or external, not " + zookeeper);
        }
        boolean external = zookeeper.equals("external");
        if (external && runner.equals("process")) {
            throw new IllegalArgumentException("--zookeeper external needs --runner docker");
        }
        Map<String, String> settings = Faults.settings(faults);
        return switch (runner) {
            case "process" -> new Processes(builds.build(variant), nodes, directory, settings);
            case "docker" -> {
                boolean clocks = faults.stream().anyMatch(fault -> fault.contains("clock"));
                boolean disks = faults.stream().anyMatch(fault -> fault.contains("disk-full"));
                Optional<Path> overlay = variant.isEmpty() ? Optional.empty() : Optional.of(builds.overlay(variant));
                yield new Docker(
                        new Docker.Kind(image, nodes, external ? 3 : 0, settings, clocks, disks, overlay), directory);
            }
            default -> throw new IllegalArgumentException("--runner must be docker or process, not " + runner);
        };
    }

    /** The options as they would be given again. */
    String command() {
        StringBuilder command = new StringBuilder();
        if (!endpoints.isEmpty()) {
            return " --endpoints "
                    + String.join(",", endpoints.stream().map(URI::toString).toList());
        }
        command.append(" --runner ").append(runner).append(" --nodes ").append(nodes);
        if (zookeeper.equals("external")) {
            command.append(" --zookeeper external");
        }
        if (!variant.isEmpty()) {
            command.append(" --variant ").append(variant);
        }
        return command.toString();
    }
}
