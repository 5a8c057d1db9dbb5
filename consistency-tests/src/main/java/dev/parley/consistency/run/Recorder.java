package dev.parley.consistency.run;

import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.History;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Takes down what happens, in the order of real time. Safe for use by many threads. */
final class Recorder {
    private final long begun = System.nanoTime();
    private final List<Event> events = new ArrayList<>();

    /** Records an event that is happening now: an invocation before anything is sent, a completion after everything was received. */
    synchronized void record(
            String process, Event.Type type, String f, String key, Json value, Map<String, Json> more) {
        long time = System.nanoTime() - begun;
        int position = events.size();
        Map<String, Json> fields = new LinkedHashMap<>();
        fields.put("index", Json.of(position));
        fields.put("process", process.equals(Event.NEMESIS) ? Json.of(process) : Json.of(Long.parseLong(process)));
        fields.put("type", Json.of(type.name().toLowerCase(Locale.ROOT)));
        fields.put("f", Json.of(f));
        if (!key.isEmpty()) {
            fields.put("key", Json.of(key));
        }
        fields.put("value", value);
        fields.put("time", Json.of(time));
        fields.putAll(more);
        events.add(new Event(position, position + 1, process, type, f, key, value, time, new Json.Obj(fields)));
    }

    /** What clients never learned the outcome of. */
    synchronized List<Event> unanswered() {
        return events.stream()
                .filter(event -> event.type() == Event.Type.INFO && !event.isFault())
                .toList();
    }

    /**
     * An operation that was left open ends now, by what was found out about it. Where its answer failed to come there is a remark instead.
     *
     * @param unanswered one of {@link #unanswered}, whose process did nothing since
     */
    synchronized void resolve(Event unanswered, Event.Type type, Json value, Map<String, Json> more) {
        Map<String, Json> remark = new LinkedHashMap<>(unanswered.fields().members());
        remark.put("process", Json.of(Event.NEMESIS));
        remark.put("f", Json.of("unanswered"));
        remark.put("client", Json.of(unanswered.process()));
        events.set(
                unanswered.position(),
                new Event(
                        unanswered.position(),
                        unanswered.line(),
                        Event.NEMESIS,
                        Event.Type.INFO,
                        "unanswered",
                        unanswered.key(),
                        unanswered.value(),
                        unanswered.timeNanos(),
                        new Json.Obj(remark)));
        Map<String, Json> fields = new LinkedHashMap<>(more);
        fields.put("resolved", Json.of(true));
        record(unanswered.process(), type, unanswered.f(), unanswered.key(), value, fields);
    }

    synchronized History history(String source) {
        return new History(source, events);
    }
}
