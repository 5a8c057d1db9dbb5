package dev.parley.consistency.suite;

import dev.parley.consistency.json.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What came of a campaign's scenarios, each in a directory of its own, so that a campaign that was interrupted goes on
 * where it was. Several campaigns may work on different groups of one directory at the same time.
 */
public final class Rows {
    private static final String FILE = "row.json";

    private final Path directory;

    public Rows(Path directory) {
        this.directory = directory;
    }

    /** Where a scenario's report belongs. */
    Path of(Scenario scenario) {
        return directory.resolve(scenario.group() + "-" + scenario.workload());
    }

    void keep(Row row) {
        try {
            Path own = Files.createDirectories(of(row.scenario()));
            Files.writeString(own.resolve(FILE), row.json().text() + "\n");
        } catch (IOException notWritten) {
            throw new UncheckedIOException(notWritten);
        }
    }

    /** What is known of a scenario; empty when it was not run, or with other faults, or when its cluster could not be used. */
    Optional<Row> find(Scenario scenario) {
        Path file = of(scenario).resolve(FILE);
        try {
            return Files.isRegularFile(file)
                    ? Row.of(JsonParser.parse(Files.readString(file)))
                            .filter(row -> row.scenario().equals(scenario) && row.events() > 0)
                    : Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Writes one table of all scenarios, in this order; those that were not run yet are said to be missing. */
    void summarize(List<Scenario> scenarios) {
        StringBuilder text = new StringBuilder(
                "| verdict | group | workload | faults | events | seconds | first finding |\n| --- | --- | --- | --- | ---: | ---: | --- |\n");
        scenarios.forEach(scenario -> text.append(find(scenario)
                .map(Row::markdown)
                .orElseGet(() -> "| - | " + scenario.group() + " | " + scenario.workload() + " | "
                        + String.join(", ", scenario.faults()) + " | | | not run |\n")));
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("summary.md"), text);
        } catch (IOException notWritten) {
            throw new UncheckedIOException(notWritten);
        }
    }
}
