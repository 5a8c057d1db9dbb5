package dev.parley.consistency.history;

import java.util.List;

/**
 * What a run recorded, in the order of real time.
 *
 * @param source name for messages, usually the file
 */
public record History(String source, List<Event> events) {
    public History {
        events = List.copyOf(events);
    }

    /** The fault events. */
    public List<Event> faults() {
        return events.stream().filter(Event::isFault).toList();
    }
}
