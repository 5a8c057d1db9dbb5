package dev.parley.store.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who is told of events by HTTP, read from any view. */
public final class Hooks {
    private Hooks() {}

    /**
     * @param event its name; {@code *} is every one
     * @param url that gets it
     * @param priority higher ones are told first
     * @param created revision that made it
     * @param revision that changed it last
     */
    public record Hook(String id, String event, String url, int priority, long created, long revision) {
        public boolean wants(String eventName) {
            return event.equals("*") || event.equals(eventName);
        }
    }

    /** All of them, in the order of their ids; at most {@link Limits#HOOKS_MAX}. */
    public static List<Hook> all(MapView view, long revision) {
        if (count(view) == 0) {
            return List.of();
        }
        List<Hook> hooks = new ArrayList<>();
        view.scan(Keyspace.HOOK, KeyRange.ALL, revision, false, (key, live) -> hooks.add(decode(key.toString(), live)));
        return List.copyOf(hooks);
    }

    public static Optional<Hook> find(MapView view, String id, long revision) {
        return view.liveAt(Keyspace.HOOK, Key.of(id), revision).map(live -> decode(id, live));
    }

    /** The sequence of the newest cluster event that it needs not be told of any more. */
    public static long told(MapView view, String id) {
        return Cells.number(view, Cells.hookTold(id), 0);
    }

    static long count(MapView view) {
        return Cells.number(view, Cells.HOOK_COUNT, 0);
    }

    static Bytes encode(Command.PutHook put) {
        return new BinaryWriter(128)
                .text(put.event())
                .text(put.url())
                .i32(put.priority())
                .toBytes();
    }

    private static Hook decode(String id, Version.Live live) {
        BinaryReader in = new BinaryReader(live.value());
        return new Hook(id, in.text(), in.text(), in.i32(), live.createRevision(), live.modRevision());
    }
}
