package dev.parley.coordination.hook;

import dev.parley.coordination.control.Event;
import dev.parley.coordination.control.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a node, each on a thread of its own that reads the list of events: nothing is queued for anybody. */
public final class Listeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(1);
    private static final int EVENTS_PER_LOOK = 100;

    private final EventLog events;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private Listeners(EventLog events) {
        this.events = events;
    }

    /** With those that are installed. */
    public static Listeners start(EventLog events) {
        return start(
                events,
                ServiceLoader.load(EventListener.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList());
    }

    static Listeners start(EventLog events, List<EventListener> installed) {
        Listeners listeners = new Listeners(events);
        installed.forEach(listeners::start);
        return listeners;
    }

    private void start(EventListener listener) {
        String name = listener.getClass().getName();
        LOG.atInfo().addKeyValue("listener", name).log("an event listener is installed");
        threads.add(Thread.ofPlatform().daemon().name("listener-" + name).start(() -> tell(listener)));
    }

    private void tell(EventListener listener) {
        long position = 0;
        while (!closed) {
            EventLog.Page page = events.after(position, "", EVENTS_PER_LOOK);
            position = page.position();
            page.events().forEach(event -> tell(listener, event));
            if (page.events().isEmpty()) {
                events.await(position, LOOK_EVERY);
            }
        }
    }

    private void tell(EventListener listener, Event event) {
        try {
            if (!closed && listener.wants(event)) {
                listener.happened(event);
            }
        } catch (RuntimeException | LinkageError | AssertionError failure) {
            LOG.atError()
                    .addKeyValue("listener", listener.getClass().getName())
                    .addKeyValue("event_id", event.id())
                    .setCause(failure)
                    .log("an event listener failed; it is told of the next event");
        }
    }

    /** Nobody is told any more. Waits a second for those that are being told. May be called twice. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(STOPS_WITHIN);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
