package dev.parley.http.cli;

import dev.parley.http.node.Ambient;
import dev.parley.http.node.ConfigSources;
import dev.parley.http.node.Node;
import dev.parley.http.node.NodeConfig;
import dev.parley.http.node.Setting;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A short life of a node from which the JVM learns what a start needs; the launcher runs it once after a build. */
@Command(name = "train", hidden = true, description = "Starts a node, writes and reads, and stops it again.")
final class TrainCommand implements Runnable {
    private static final int REQUESTS = 20;

    private final Terminal terminal;

    @Option(names = "--data", required = true)
    private String data = "";

    @Option(names = "--port", required = true)
    private String port = "";

    TrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        var config = NodeConfig.from(new ConfigSources()
                .flag(Setting.DATA_DIRECTORY.key(), Path.of(data).toString())
                .flag(Setting.HTTP_PORT.key(), port));
        var endpoint = Endpoint.at(config.http().advertiseUrl());
        try (var node = Node.open(config, Version.text(), Ambient.real())) {
            node.awaitReady(DevCommand.READY_WITHIN);
            for (int i = 0; i < REQUESTS; i++) {
                endpoint.ask(terminal, "PUT", "/v1/kv/train" + i, BodyPublishers.ofString("x"), Map.of());
                endpoint.get(terminal, "/v1/kv/train" + i);
            }
        }
    }
}
