package dev.parley.consistency.suite;

import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What holds for all runs of a campaign.
 *
 * @param each how long a run works
 * @param seed chooses operations and faults
 */
public record Terms(boolean full, Duration each, long seed) {
    private static final String FILE = "suite.json";

    /**
     * The terms a directory was begun on; these ones, if it is new.
     *
     * @throws UncheckedIOException when they cannot be read or written
     */
    public static Terms keep(Path directory, Terms asked) {
        Path file = directory.resolve(FILE);
        try {
            if (Files.isRegularFile(file)
                    && JsonParser.parse(Files.readString(file)) instanceof Json.Obj kept
                    && kept.get("each_ms") instanceof Json.Int(long millis)
                    && kept.get("seed") instanceof Json.Int(long seed)) {
                return new Terms(kept.get("full").equals(Json.of(true)), Duration.ofMillis(millis), seed);
            }
            Files.createDirectories(directory);
            Files.writeString(file, asked.json().text() + "\n");
            return asked;
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private Json json() {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("full", Json.of(full));
        members.put("each_ms", Json.of(each.toMillis()));
        members.put("seed", Json.of(seed));
        return new Json.Obj(members);
    }

    /** For a person. */
    public String text() {
        return (full ? "--full" : "--quick") + " --time " + each.toMillis() + "ms --seed " + seed;
    }
}
