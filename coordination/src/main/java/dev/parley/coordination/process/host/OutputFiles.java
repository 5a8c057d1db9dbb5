package dev.parley.coordination.process.host;

import dev.parley.coordination.process.ProcessHost.LogLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of one process, in files named by the number of their first line: {@code <number> <Unix ms> <stream> <text>}. A
 * file of the configured size is followed by a new one, the oldest go. A disk that fails costs lines, never the process.
 * One thread.
 */
final class OutputFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OutputFiles.class);
    private static final String SUFFIX = ".log";
    private static final int PROCESSES_MAX = 1_000;
    private static final int NAME_CHARS_MAX = 150;

    private final OutputConfig config;
    private final Path directory;

    private OutputFiles(OutputConfig config, Path directory) {
        this.config = config;
        this.directory = directory;
    }

    static OutputFiles of(OutputConfig config, String process) {
        return new OutputFiles(config, config.directory().resolve(fileName(process)));
    }

    /** Readable as far as file systems allow; different for different processes. */
    static String fileName(String process) {
        var name = new StringBuilder();
        for (byte each : process.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = each >= 'a' && each <= 'z' || each >= '0' && each <= '9' || each == '-' || each == '_';
            name.append(plain ? Character.toString(each) : String.format("%%%02x", each));
        }
        return name.length() <= NAME_CHARS_MAX
                ? name.toString()
                : name.substring(0, NAME_CHARS_MAX) + "%" + Integer.toHexString(process.hashCode()) + "-"
                        + process.length();
    }

    /** Of more than a thousand processes the ones that were silent longest are forgotten. */
    static void dropForgotten(Path all) {
        try (Stream<Path> found = Files.exists(all) ? Files.list(all) : Stream.empty()) {
            List<Path> byAge = found.sorted(
                            Comparator.comparing(OutputFiles::lastWritten).reversed())
                    .toList();
            byAge.stream().skip(PROCESSES_MAX).forEach(OutputFiles::delete);
        } catch (IOException unreadable) {
            LOG.atWarn().setCause(unreadable).log("old process output could not be dropped");
        }
    }

    private static FileTime lastWritten(Path path) {
        try {
            return Files.getLastModifiedTime(path);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException failure) {
            LOG.atWarn().setCause(failure).log("old process output could not be dropped");
        }
    }

    /** 0 when there are none. */
    long lastNumber() {
        List<Path> files = files();
        for (Path file : files.reversed()) {
            List<LogLine> lines = read(file);
            if (!lines.isEmpty()) {
                return lines.getLast().number();
            }
            return firstNumber(file) - 1;
        }
        return 0;
    }

    void append(List<LogLine> lines) {
        try {
            Files.createDirectories(directory);
            List<Path> files = files();
            Optional<Path> current =
                    files.isEmpty() || isFull(files.getLast()) ? Optional.empty() : Optional.of(files.getLast());
            Path file = current.orElseGet(() -> fileFrom(lines.getFirst().number()));
            for (int from = 0; from < lines.size(); ) {
                var text = new StringBuilder(endOfTornLine(file));
                long room = config.fileBytes() - sizeOf(file);
                int to = from;
                do {
                    text.append(format(lines.get(to++)));
                } while (to < lines.size() && text.length() < room);
                Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                from = to;
                if (from < lines.size()) {
                    file = fileFrom(lines.get(from).number());
                }
            }
            dropOldest();
        } catch (IOException failure) {
            LOG.atWarn().setCause(failure).addKeyValue("directory", directory).log("process output is lost");
        }
    }

    private static String endOfTornLine(Path file) throws IOException {
        if (sizeOf(file) == 0) {
            return "";
        }
        try (var channel = Files.newByteChannel(file)) {
            var last = java.nio.ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) == '\n' ? "" : "\n";
        }
    }

    private boolean isFull(Path file) {
        return sizeOf(file) >= config.fileBytes();
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException none) {
            return 0;
        }
    }

    private Path fileFrom(long number) {
        return directory.resolve(String.format("%019d%s", number, SUFFIX));
    }

    private static long firstNumber(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    private void dropOldest() throws IOException {
        List<Path> files = files();
        for (Path file : files.subList(0, Math.max(0, files.size() - config.files()))) {
            Files.delete(file);
        }
    }

    /** Oldest first. */
    private List<Path> files() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(directory)) {
            return found.filter(file -> file.getFileName().toString().matches("\\d{19}\\.log"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            LOG.atWarn().setCause(unreadable).log("process output cannot be read");
            return List.of();
        }
    }

    /** At most {@code count} lines, oldest first. */
    List<LogLine> newest(int count) {
        List<LogLine> lines = new ArrayList<>();
        for (Path file : files().reversed()) {
            if (lines.size() >= count) {
                break;
            }
            lines.addAll(0, read(file));
        }
        return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    private static List<LogLine> read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .map(OutputFiles::parse)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException unreadable) {
            LOG.atWarn().setCause(unreadable).log("process output cannot be read");
            return List.of();
        }
    }

    private static String format(LogLine line) {
        return line.number() + " " + line.atMillis() + " " + line.stream() + " " + line.text() + "\n";
    }

    /** Empty for a line that a crash has torn. */
    private static Optional<LogLine> parse(String line) {
        String[] parts = line.split(" ", 4);
        try {
            return parts.length < 4
                    ? Optional.empty()
                    : Optional.of(new LogLine(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2], parts[3]));
        } catch (NumberFormatException torn) {
            return Optional.empty();
        }
    }
}
