package dev.parley.consistency.run;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import dev.parley.consistency.json.JsonSyntaxException;
import dev.parley.consistency.workload.Fate;
import dev.parley.consistency.workload.Trace;
import dev.parley.consistency.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * After everything healed, asks the store's own history what became of writes that were never answered. One of which that is proven ends now: it happened at
 * some moment since its beginning, or never will. The others stay unknown.
 */
final class Inquest {
    private static final int PAGE = 500;
    private static final int PAGES_MAX = 10;
    private static final Duration TIME = Duration.ofSeconds(20);

    private final Workload workload;
    private final List<NodeClient> nodes;
    private final Recorder recorder;
    private final Map<String, Json> counts = new LinkedHashMap<>();

    Inquest(Workload workload, List<NodeClient> nodes, Recorder recorder) {
        this.workload = workload;
        this.nodes = nodes;
        this.recorder = recorder;
    }

    /** Looks at one after the other, for as long as there is time. */
    void hold() {
        long end = System.nanoTime() + TIME.toNanos();
        int happened = 0;
        int never = 0;
        int open = 0;
        for (Event unanswered : recorder.unanswered()) {
            Fate fate = System.nanoTime() - end < 0 ? fate(unanswered) : new Fate.Open();
            switch (fate) {
                case Fate.Happened(var completion) -> {
                    recorder.resolve(unanswered, Type.OK, completion.value(), completion.fields());
                    happened++;
                }
                case Fate.Never ignored -> {
                    recorder.resolve(unanswered, Type.FAIL, unanswered.value(), Map.of());
                    never++;
                }
                case Fate.Open ignored -> open++;
            }
        }
        counts.put("happened", Json.of(happened));
        counts.put("never", Json.of(never));
        counts.put("open", Json.of(open));
    }

    /** How many there were, for the report. */
    Json counts() {
        return new Json.Obj(counts);
    }

    private Fate fate(Event unanswered) {
        return workload.trace(unanswered)
                .flatMap(trace -> versions(trace.key()).map(versions -> Fate.of(versions, trace)))
                .orElse(new Fate.Open());
    }

    private Optional<List<Trace.Version>> versions(String key) {
        return nodes.stream()
                .map(node -> versions(node, key))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** From the newest on; how far they reach does not matter. Empty when the node does not show them. */
    private static Optional<List<Trace.Version>> versions(NodeClient node, String key) {
        List<Trace.Version> versions = new ArrayList<>();
        String before = "";
        for (int page = 0; page < PAGES_MAX; page++) {
            String path = NodeClient.key(key).replace("/v1/kv/", "/v1/history/") + "?limit=" + PAGE + before;
            if (!(node.send("GET", path) instanceof Reply.Answer answer)
                    || answer.status() != 200
                    || !(answer.member("items") instanceof Json.Array(List<Json> items))) {
                return Optional.empty();
            }
            items.forEach(item -> versions.add(version(item)));
            if (!(answer.member("next") instanceof Json.Int(long next))) {
                break;
            }
            before = "&before=" + next;
        }
        return Optional.of(versions);
    }

    private static Trace.Version version(Json item) {
        Json.Obj members = item instanceof Json.Obj object ? object : new Json.Obj(Map.of());
        return new Trace.Version(
                members.get("revision") instanceof Json.Int(long revision) ? revision : 0,
                members.get("version") instanceof Json.Int(long version) ? version : 0,
                members.get("value") instanceof Json.Text(String text) ? value(text) : Json.NULL);
    }

    private static Json value(String text) {
        try {
            return JsonParser.parse(text);
        } catch (JsonSyntaxException strange) {
            return Json.of(text);
        }
    }
}
