package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExampleFileTest {
    private static final Path IN_REPOSITORY = Path.of("..", "node.example.yaml");

    @TempDir
    Path directory;

    /** {@code -Dexample.write=true} writes it anew. */
    @Test
    void theExampleInTheRepositoryIsMadeFromTheDefinition() throws IOException {
        if (Boolean.getBoolean("example.write")) {
            Files.writeString(IN_REPOSITORY, ExampleFile.text());
        }
        assertEquals(ExampleFile.text(), Files.readString(IN_REPOSITORY));
    }

    @Test
    void asItIsTheExampleChangesNothing() throws IOException {
        assertEquals(defaults(), load(ExampleFile.text()));
    }

    @Test
    void everyDefaultThatIsWrittenDownIsTheDefaultInForce() {
        var sources = new ConfigSources();
        for (Setting setting : Setting.values()) {
            if (!setting.fallback().isEmpty()) {
                sources.flag(setting.key(), setting.fallback());
            }
        }
        assertEquals(defaults(), NodeConfig.from(sources));
    }

    @Test
    void everyKeyHasItsLineItsUnitAndItsVariable() {
        for (Setting setting : Setting.values()) {
            String last = setting.key().substring(setting.key().lastIndexOf('.') + 1);
            assertTrue(ExampleFile.text().contains("#" + last + ":"), setting.key());
            assertTrue(
                    ExampleFile.text()
                            .toLowerCase(Locale.ROOT)
                            .contains("# " + setting.unit().toLowerCase(Locale.ROOT) + ", "
                                    + setting.environmentVariable().toLowerCase(Locale.ROOT) + "\n"),
                    setting.key());
        }
    }

    private static NodeConfig defaults() {
        return NodeConfig.from(new ConfigSources());
    }

    private NodeConfig load(String yaml) throws IOException {
        return NodeConfig.from(new ConfigSources().file(Files.writeString(directory.resolve("node.yaml"), yaml)));
    }
}
