package dev.parley.http.node;

import dev.parley.coordination.gossip.PeerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The last known members, over restarts: a line {@code <node> <url>} for each. */
final class MemberFile {
    private final Path file;

    /** @param directory made when it is not there */
    MemberFile(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        this.file = directory.resolve("members");
    }

    /** Empty at the first start. */
    List<PeerAddress> read() {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream()
                            .map(line -> line.split(" ", 2))
                            .filter(parts -> parts.length == 2)
                            .map(parts -> new PeerAddress(parts[0], parts[1]))
                            .toList()
                    : List.of();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void write(List<PeerAddress> members) {
        Identity.replace(
                file,
                members.stream()
                        .map(member -> member.node() + " " + member.url() + "\n")
                        .collect(Collectors.joining()));
    }
}
