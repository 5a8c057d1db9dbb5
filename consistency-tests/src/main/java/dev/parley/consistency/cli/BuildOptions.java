package dev.parley.consistency.cli;

import dev.parley.consistency.cluster.NodeBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What nodes are made of. */
final class BuildOptions {
    @Option(
            names = "--jar",
            paramLabel = "FILE",
            defaultValue = "http/target/parley.jar",
            description = "For local processes, and to restore backups with; default ${DEFAULT-VALUE}.")
    private Path jar;

    @Option(
            names = "--variants",
            paramLabel = "DIRECTORY",
            defaultValue = "consistency-tests/target/variants",
            description =
                    "Nodes that are wrong on purpose, made by the Maven profile variants; default ${DEFAULT-VALUE}.")
    private Path variants;

    /** The release, whether it is there or not. */
    Path jar() {
        return jar;
    }

    /**
     * @param variant empty for the right build
     * @throws IllegalArgumentException when that was not built
     */
    NodeBuild build(String variant) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalArgumentException("there is no jar " + jar + "; build it, or give --jar");
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path release = jar.toAbsolutePath();
        return variant.isEmpty()
                ? NodeBuild.right(java, release)
                : new NodeBuild(java, release, Optional.of(overlay(variant)));
    }

    /** @throws IllegalArgumentException when it was not built */
    Path overlay(String variant) {
        Path overlay = variants.resolve(variant).toAbsolutePath();
        if (!Files.isDirectory(overlay)) {
            throw new IllegalArgumentException(
                    "there is no " + overlay + "; build it by ./mvnw -Pvariants -DskipTests package");
        }
        return overlay;
    }
}
