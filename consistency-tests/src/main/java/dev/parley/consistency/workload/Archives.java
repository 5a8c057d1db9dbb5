package dev.parley.consistency.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The backups a run took, as temporary files. Safe for use by many threads. */
final class Archives implements AutoCloseable {

    /** One of them, which arrived as a whole. */
    record Archive(int number, Path file, long revision) {}

    private final List<Archive> saved = new ArrayList<>();
    private Optional<Path> directory = Optional.empty();

    /** Where a backup of that number may be saved. */
    synchronized Path file(int number) {
        Path there = directory.orElseGet(Archives::temporary);
        directory = Optional.of(there);
        Path file = there.resolve(number + ".backup");
        file.toFile().deleteOnExit();
        return file;
    }

    private static Path temporary() {
        try {
            Path made = Files.createTempDirectory("parley-backups-");
            made.toFile().deleteOnExit();
            return made;
        } catch (IOException notCreated) {
            throw new UncheckedIOException(notCreated);
        }
    }

    synchronized void keep(Archive archive) {
        saved.add(archive);
    }

    synchronized int count() {
        return saved.size();
    }

    /** Some of them, from the oldest to the newest, with both of these among them. */
    synchronized List<Archive> some(int atMost) {
        int count = Math.min(atMost, saved.size());
        List<Archive> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(saved.get(count == 1 ? saved.size() - 1 : i * (saved.size() - 1) / (count - 1)));
        }
        return some;
    }

    @Override
    public synchronized void close() {
        directory.ifPresent(Archives::remove);
        directory = Optional.empty();
    }

    /** Removes a directory with everything in it, if it is there. */
    static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
