package dev.parley.store.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What happened in all rooms since their tables were written, appended in groups, durable on return. A few files, each named
 * for the number of its first entry; a start begins a new one. One thread at a time. Every failure of the disk is thrown and
 * ends the journal's use: whether the last group is there is unknown.
 */
public final class ChatJournal implements AutoCloseable {
    /** A file of about this size is followed by another one. */
    static final int FILE_BYTES = 4 << 20;

    private static final String PREFIX = "journal-";

    /** Gets what a journal holds. */
    @FunctionalInterface
    public interface Visitor {
        void visit(long index, ChatEntry entry);
    }

    private final Path directory;
    private final NavigableMap<Long, Path> files;
    private final int damages;
    private FileChannel channel;
    private long next;

    private ChatJournal(Path directory, NavigableMap<Long, Path> files, int damages, long next) throws IOException {
        this.directory = directory;
        this.files = files;
        this.damages = damages;
        this.next = next;
        this.channel = begin();
    }

    /**
     * Opens the journal and hands over what is in it, in the order in which it was written.
     *
     * @param directory made when it is not there
     * @param known entries up to this number are in tables, and not handed over
     */
    public static ChatJournal open(Path directory, long known, Visitor entries) {
        try {
            Files.createDirectories(directory);
            NavigableMap<Long, Path> files = files(directory);
            long[] last = {known};
            int damages = 0;
            for (Path file : files.values()) {
                damages += JournalScan.scan(Files.readAllBytes(file), (index, entry) -> {
                    if (index > last[0]) {
                        last[0] = index;
                        entries.visit(index, entry);
                    }
                });
            }
            return new ChatJournal(directory, files, damages, last[0] + 1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static NavigableMap<Long, Path> files(Path directory) throws IOException {
        NavigableMap<Long, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(file -> file.getFileName().toString().matches(PREFIX + "[0-9]{1,18}"))
                    .forEach(file -> files.put(
                            Long.parseLong(file.getFileName().toString().substring(PREFIX.length())), file));
        }
        return files;
    }

    private FileChannel begin() throws IOException {
        Path file = directory.resolve(PREFIX + next);
        FileChannel fresh = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        fresh.force(true);
        sync(directory);
        files.put(next, file);
        return fresh;
    }

    /** Stretches that did not verify at {@link #open}, with entries behind them; what they held can be had from others. */
    public int damages() {
        return damages;
    }

    /** Number of the newest entry. */
    public long last() {
        return next - 1;
    }

    /** Durable when it returns. */
    public void append(List<ChatEntry> group) {
        try {
            if (channel.position() >= FILE_BYTES) {
                channel.close();
                channel = begin();
            }
            write(group);
            channel.force(false);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void write(List<ChatEntry> group) throws IOException {
        List<byte[]> frames =
                group.stream().map(entry -> JournalScan.frame(next++, entry)).toList();
        ByteBuffer all = ByteBuffer.allocate(
                frames.stream().mapToInt(frame -> frame.length).sum());
        frames.forEach(all::put);
        all.flip();
        while (all.hasRemaining()) {
            channel.write(all);
        }
    }

    /** Entries up to this one are in tables, durably: files that hold no other go. */
    public void trim(long index) {
        try {
            while (files.size() > 1 && files.higherKey(files.firstKey()) <= index + 1) {
                Files.delete(files.pollFirstEntry().getValue());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel handle = FileChannel.open(directory)) {
            handle.force(true);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
