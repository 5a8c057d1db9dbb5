package dev.parley.coordination.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Effects on a map, as the cluster would have them: conditional, and refused once fenced. Any thread. */
public final class MemoryEffects implements Effects {
    private final TreeMap<String, Stored> stored = new TreeMap<>();
    private final List<Write> writes = new ArrayList<>();
    private long revision;
    private boolean fenced;
    private boolean unknown;

    @Override
    public synchronized Effect write(Write write) {
        if (fenced) {
            return new Effect.Fenced();
        }
        String at = place(write.area(), write.key());
        long actual = stored.containsKey(at) ? stored.get(at).modRevision() : 0;
        if (write.onlyAt().isPresent() && write.onlyAt().getAsLong() != actual) {
            return new Effect.Changed(actual);
        }
        revision++;
        writes.add(write);
        if (write.value().isPresent()) {
            stored.put(at, new Stored(write.key(), write.value().get(), write.contentType(), revision));
        } else {
            stored.remove(at);
        }
        return unknown ? new Effect.Unknown() : new Effect.Done(revision);
    }

    private static String place(Area area, String key) {
        return area.ordinal() + key;
    }

    @Override
    public synchronized Optional<Stored> read(Area area, String key) {
        return Optional.ofNullable(stored.get(place(area, key)));
    }

    @Override
    public synchronized List<Stored> list(Area area, String prefix, int limit) {
        return stored.tailMap(place(area, prefix), true).entrySet().stream()
                .takeWhile(each -> each.getKey().startsWith(place(area, prefix)))
                .limit(limit)
                .map(java.util.Map.Entry::getValue)
                .toList();
    }

    /** From now on nothing of it is accepted. */
    public synchronized void fence() {
        fenced = true;
    }

    /** From now on writes happen, but the answer is lost. */
    public synchronized void loseAnswers(boolean lost) {
        unknown = lost;
    }

    public synchronized List<Write> writes() {
        return List.copyOf(writes);
    }
}
