package dev.parley.coordination.chat;

import dev.parley.store.chat.ChatEntry;
import dev.parley.store.chat.ChatHistory;
import dev.parley.store.chat.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns what is on the disk: writes what waits as one group, and only then lets it happen. Has a thread of its own. */
final class HistoryWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryWriter.class);
    private static final int WAITING_MAX = 4_096;
    private static final int GROUP_MAX = 1_000;
    private static final long LOOK_EVERY_MILLIS = 100;

    /** Messages, and what follows when they are on disk. */
    record Work(List<ChatMessage> messages, Runnable durable) {}

    private final ChatHistory history;
    private final ChatClock clock;
    private final Runnable maintain;
    private final BlockingQueue<Work> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("chat-history").unstarted(this::run);

    /** @param maintain after each group, and now and then */
    HistoryWriter(ChatHistory history, ChatClock clock, Runnable maintain) {
        this.history = history;
        this.clock = clock;
        this.maintain = maintain;
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
                Work first = waiting.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    waiting.drainTo(group, GROUP_MAX - 1);
                }
                write(group);
                group.clear();
                maintain.run();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            broken.set(true);
            LOG.error("event=chat_journal_failed effect=\"no message is taken any more\"", failure);
        }
    }

    private void write(List<Work> group) {
        List<ChatEntry> entries = new ArrayList<>();
        group.forEach(work -> work.messages().forEach(message -> entries.add(new ChatEntry.Posted(message))));
        clock.reservation().ifPresent(stamp -> entries.add(new ChatEntry.Clock(stamp)));
        if (!entries.isEmpty()) {
            history.write(entries);
        }
        entries.forEach(entry -> {
            if (entry instanceof ChatEntry.Clock(long stamp)) {
                clock.reserved(stamp);
            }
        });
        group.forEach(work -> work.durable().run());
    }

    /** What waits is not written, and was not acknowledged. Until then what is there can be read, whatever failed. */
    @Override
    public void close() {
        closed.set(true);
        try {
            thread.join(5_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        history.close();
    }
}
