package dev.parley.coordination.membership;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A node as it announces itself. Its znode says {@code node=…}, {@code url=…}, {@code version=…} and {@code leaving=…},
 * one to a line; unknown lines are for later versions.
 *
 * @param incarnation of the process: the same node started again is another
 * @param url where the other nodes reach it
 * @param leaving it is stopping on purpose; its absence is no failure
 */
public record Member(String node, UUID incarnation, String url, String version, boolean leaving) {
    public Member {
        requireOneLine("node", node);
        requireOneLine("url", url);
        requireOneLine("version", version);
    }

    Member asLeaving() {
        return new Member(node, incarnation, url, version, true);
    }

    byte[] encode() {
        return ("node=" + node + "\nurl=" + url + "\nversion=" + version + "\nleaving=" + leaving + "\n")
                .getBytes(UTF_8);
    }

    /** Empty when this is no announcement. */
    static Optional<Member> decode(String incarnation, byte[] content) {
        Map<String, String> fields = new HashMap<>();
        for (String line : new String(content, UTF_8).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                fields.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        if (!fields.keySet().containsAll(java.util.List.of("node", "url", "version"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Member(
                    fields.get("node"),
                    UUID.fromString(incarnation),
                    fields.get("url"),
                    fields.get("version"),
                    Boolean.parseBoolean(fields.get("leaving"))));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    private static void requireOneLine(String name, String value) {
        if (value.isEmpty() || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException(name + " must be one line, was \"" + value + "\"");
        }
    }
}
