package dev.parley.consistency.cluster;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a local node is made of.
 *
 * @param java the program that runs it
 * @param jar the release
 * @param overlay classes that go before those of the jar and make the node wrong on purpose; empty for the right build
 */
public record NodeBuild(Path java, Path jar, Optional<Path> overlay) {
    private static final String MAIN = "dev.parley.http.cli.Main";

    /** The build as it is released. */
    public static NodeBuild right(Path java, Path jar) {
        return new NodeBuild(java, jar, Optional.empty());
    }

    /** The command that runs a node, with more options for its JVM. */
    public List<String> nodeCommand(String... jvmOptions) {
        List<String> command = jvm("384m");
        command.addAll(List.of(jvmOptions));
        if (overlay.isPresent()) {
            command.addAll(List.of("-cp", overlay.get() + File.pathSeparator + jar, MAIN));
        } else {
            command.addAll(List.of("-jar", jar.toString()));
        }
        command.add("node");
        return command;
    }

    /** A command that an operator runs, of the release whatever nodes are made of. */
    List<String> operatorCommand(String... arguments) {
        List<String> command = jvm("256m");
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The command that runs a ZooKeeper server of the jar, which is the same in every build. */
    List<String> zookeeperCommand(Path configuration) {
        List<String> command = jvm("128m");
        command.addAll(List.of(
                "-Dzookeeper.admin.enableServer=false",
                "-Dzookeeper.4lw.commands.whitelist=srvr",
                // Servers that miss each other once must not be silent for a minute.
                "-Dzookeeper.fastleader.maxNotificationInterval=1000",
                "-cp",
                jar.toString(),
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                configuration.toString()));
        return command;
    }

    private List<String> jvm(String heap) {
        return new ArrayList<>(List.of(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + heap,
                "-Djava.net.preferIPv4Stack=true"));
    }
}
