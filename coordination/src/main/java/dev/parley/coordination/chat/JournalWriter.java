package dev.parley.coordination.chat;

import dev.parley.store.chat.ChatJournal;
import dev.parley.store.chat.ChatMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the journal: writes what waits as one group, and only then lets it happen. Has a thread of its own. */
final class JournalWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final int WAITING_MAX = 4_096;
    private static final int GROUP_MAX = 1_000;
    private static final long SMALL_BYTES = 8 << 20;

    /** Messages, and what follows when they are on disk. */
    record Work(List<ChatMessage> messages, Runnable durable) {}

    private final ChatJournal journal;
    private final Supplier<Collection<ChatMessage>> living;
    private final BlockingQueue<Work> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("chat-journal").unstarted(this::run);
    private long rewriteAtBytes;

    /** @param living every message that is still wanted */
    JournalWriter(ChatJournal journal, Supplier<Collection<ChatMessage>> living) {
        this.journal = journal;
        this.living = living;
        this.rewriteAtBytes = Math.max(SMALL_BYTES, 4 * journal.bytes());
    }

    void start() {
        thread.start();
    }

    /** @return false when too much waits, or the disk failed */
    boolean offer(Work work) {
        return !closed.get() && !broken.get() && waiting.offer(work);
    }

    private void run() {
        List<Work> group = new ArrayList<>();
        try {
            while (!closed.get()) {
                Work first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    waiting.drainTo(group, GROUP_MAX - 1);
                    write(group);
                    group.clear();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            broken.set(true);
            LOG.error("event=chat_journal_failed effect=\"no message is taken any more\"", failure);
        } finally {
            journal.close();
        }
    }

    private void write(List<Work> group) {
        journal.append(group.stream().flatMap(work -> work.messages().stream()).toList());
        group.forEach(work -> work.durable().run());
        if (journal.bytes() > rewriteAtBytes) {
            journal.rewrite(living.get());
            rewriteAtBytes = Math.max(SMALL_BYTES, 4 * journal.bytes());
        }
    }

    /** What waits is not written, and was not acknowledged. */
    @Override
    public void close() {
        closed.set(true);
        try {
            thread.join(5_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
