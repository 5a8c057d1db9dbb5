package dev.parley.coordination.process.host;

import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.ProcessHost.LogLine;
import dev.parley.coordination.process.ProcessHost.LogListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * What the processes of this node say. Whoever says something only puts it into a bounded queue; one thread writes it to
 * files and then tells those who follow, so that a listener sees the files' lines and the new ones without a gap.
 */
final class Outputs implements AutoCloseable {
    static final int TEXT_CHARS_MAX = 8_192;
    static final int NEWEST_MAX = 10_000;

    private static final int WAITING_MAX = 20_000;
    private static final int WAITING_OF_ONE_MAX = 2_000;
    private static final int BATCH_MAX = 1_000;
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final OutputConfig config;
    private final LongSupplier epochMillis;
    private final Map<String, Voice> voices = new ConcurrentHashMap<>();
    private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Map<String, List<LogListener>> listeners = new HashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread writer =
            Thread.ofPlatform().daemon().name("process-output").unstarted(this::write);

    private sealed interface Task {
        record Say(Voice voice, LogLine line) implements Task {}

        record Follow(String name, int newest, LogListener listener) implements Task {}

        record Leave(String name, LogListener listener) implements Task {}

        record End() implements Task {}
    }

    Outputs(OutputConfig config, LongSupplier epochMillis) {
        this.config = config;
        this.epochMillis = epochMillis;
        OutputFiles.dropForgotten(config.directory());
        writer.start();
    }

    /** One process's lines. */
    private final class Voice {
        private final String name;
        private final OutputFiles files;
        private final Semaphore room = new Semaphore(WAITING_OF_ONE_MAX);
        private final Object order = new Object();
        private long next;

        Voice(String name) {
            this.name = name;
            this.files = OutputFiles.of(config, name);
            this.next = files.lastNumber() + 1;
        }

        void say(String stream, String text) {
            String bounded = text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "…";
            String line = bounded.replace('\n', ' ').replace('\r', ' ');
            synchronized (order) { // numbers are in the order of the queue
                long number = next++;
                if (!room.tryAcquire()) {
                    return; // the gap tells
                }
                if (!tasks.offer(new Task.Say(this, new LogLine(number, epochMillis.getAsLong(), stream, line)))) {
                    room.release();
                }
            }
        }
    }

    Kind.LogSink sink(String name) {
        return voices.computeIfAbsent(name, Voice::new)::say;
    }

    AutoCloseable follow(String name, int newest, LogListener listener) {
        put(new Task.Follow(name, Math.clamp(newest, 0, NEWEST_MAX), listener));
        return () -> put(new Task.Leave(name, listener));
    }

    private void put(Task task) {
        try {
            while (!closed.get() && !tasks.offer(task, 100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                // The writer is behind; followers wait for it, processes do not.
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        List<Task> batch = new ArrayList<>();
        while (true) {
            try {
                batch.add(tasks.take());
            } catch (InterruptedException stop) {
                return;
            }
            tasks.drainTo(batch, BATCH_MAX);
            Map<Voice, List<LogLine>> said = new LinkedHashMap<>();
            for (Task task : batch) {
                switch (task) {
                    case Task.Say(Voice voice, LogLine line) ->
                        said.computeIfAbsent(voice, none -> new ArrayList<>()).add(line);
                    case Task.Follow follow -> {
                        flush(said);
                        begin(follow);
                    }
                    case Task.Leave(String name, LogListener listener) -> {
                        flush(said);
                        leave(name, listener);
                    }
                    case Task.End end -> {
                        flush(said);
                        return;
                    }
                }
            }
            flush(said);
            batch.clear();
        }
    }

    private void flush(Map<Voice, List<LogLine>> said) {
        said.forEach((voice, lines) -> {
            voice.files.append(lines);
            voice.room.release(lines.size());
            for (LogListener listener : List.copyOf(listeners.getOrDefault(voice.name, List.of()))) {
                tell(voice.name, listener, lines);
            }
        });
        said.clear();
    }

    private void begin(Task.Follow follow) {
        listeners.computeIfAbsent(follow.name(), none -> new ArrayList<>()).add(follow.listener());
        Voice known = voices.get(follow.name());
        OutputFiles files = known == null ? OutputFiles.of(config, follow.name()) : known.files;
        tell(follow.name(), follow.listener(), files.newest(follow.newest()));
    }

    /** A listener that fails is told nothing more. */
    private void tell(String name, LogListener listener, List<LogLine> lines) {
        try {
            lines.forEach(listener::line);
        } catch (RuntimeException broken) {
            leave(name, listener);
        }
    }

    private void leave(String name, LogListener listener) {
        List<LogListener> left = listeners.getOrDefault(name, List.of());
        left.remove(listener);
        if (left.isEmpty()) {
            listeners.remove(name);
        }
    }

    /** Waits for what was said to be written, at most two seconds. May be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            if (!tasks.offer(new Task.End())) {
                writer.interrupt();
            }
            try {
                writer.join(LAST_WORDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
