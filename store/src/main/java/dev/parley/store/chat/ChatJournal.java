package dev.parley.store.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * The messages of all rooms on disk, appended in groups, durable on return. One thread at a time. Every failure of the
 * disk is thrown and ends the journal's use: whether the last group is there is unknown.
 */
public final class ChatJournal implements AutoCloseable {
    private final Path file;
    private final int damages;
    private FileChannel channel;
    private long bytes;

    private ChatJournal(Path file, FileChannel channel, long bytes, int damages) {
        this.file = file;
        this.channel = channel;
        this.bytes = bytes;
        this.damages = damages;
    }

    /**
     * Opens the journal and hands over what is in it, in the order in which it was written.
     *
     * @param directory made when it is not there
     */
    public static ChatJournal open(Path directory, Consumer<ChatMessage> messages) {
        try {
            Files.createDirectories(directory);
            Path file = directory.resolve("journal");
            byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            JournalScan.Found found = JournalScan.scan(content, messages);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(found.end()).position(found.end());
            channel.force(true);
            sync(directory);
            return new ChatJournal(file, channel, found.end(), found.damages());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Stretches that did not verify at {@link #open}, with messages behind them; what they held can be had from others. */
    public int damages() {
        return damages;
    }

    /** Size of the file. */
    public long bytes() {
        return bytes;
    }

    /** Durable when it returns. */
    public void append(List<ChatMessage> group) {
        try {
            write(channel, group);
            channel.force(false);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void write(FileChannel to, Collection<ChatMessage> messages) throws IOException {
        List<byte[]> frames = messages.stream().map(JournalScan::frame).toList();
        ByteBuffer all = ByteBuffer.allocate(
                frames.stream().mapToInt(frame -> frame.length).sum());
        frames.forEach(all::put);
        all.flip();
        while (all.hasRemaining()) {
            bytes += to.write(all);
        }
    }

    /** Replaces everything by these messages; durable when it returns. */
    public void rewrite(Collection<ChatMessage> messages) {
        Path aside = file.resolveSibling("journal.new");
        try {
            FileChannel fresh = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            bytes = 0;
            write(fresh, messages);
            fresh.force(true);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            sync(file.getParent());
            channel.close();
            channel = fresh;
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
