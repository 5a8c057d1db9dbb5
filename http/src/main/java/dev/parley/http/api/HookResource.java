package dev.parley.http.api;

import dev.parley.coordination.hook.Target;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Hooks;
import dev.parley.store.kv.Hooks.Hook;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Outcome;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code /v1/hooks}: who is told of events by HTTP. */
final class HookResource implements Resource {
    private static final List<String> FIELDS = List.of("event", "url", "priority");
    private static final Pattern EVENT = Pattern.compile("\\*|[a-z][a-z0-9_]{0,63}");

    private final Replica replica;
    private final List<String> hosts;

    /** @param hosts that hooks may be sent to */
    HookResource(Replica replica, List<String> hosts) {
        this.replica = replica;
        this.hosts = hosts;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/hooks", true).on("GET", this::list),
                Route.of("/v1/hooks/<id>", true)
                        .on("GET", this::get)
                        .on("PUT", this::put)
                        .on("DELETE", this::delete));
    }

    private Answer list(Request request, String rest) {
        ReadLevel level = ReadLevel.of(request.params(LockResource.READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            JsonWriter json = new JsonWriter(512);
            json.object().name("hooks").array();
            Hooks.all(read.view(), read.revision()).forEach(hook -> write(json, hook));
            json.endArray().name("revision").number(read.revision());
            return read.mark(Answer.json(200, json.end()));
        }
    }

    private Answer get(Request request, String rest) {
        String id = Names.ofPath(rest);
        ReadLevel level = ReadLevel.of(request.params(LockResource.READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            Optional<Hook> hook = Hooks.find(read.view(), id, read.revision());
            if (hook.isEmpty()) {
                throw read.mark(Outcomes.problem(new Outcome.HookUnknown(id), read.revision(), Outcomes.Asked.NOTHING));
            }
            JsonWriter json = new JsonWriter(256);
            write(json, hook.get());
            return read.mark(Answer.json(200, json).etag(hook.get().revision()));
        }
    }

    private Answer put(Request request, String rest) {
        String id = Names.ofPath(rest);
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(JsonObject.BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(FIELDS);
        Command command = new Command.PutHook(
                id,
                event(body),
                url(body),
                body.number("priority", 0, Limits.HOOK_PRIORITY_MAX).orElse(0L).intValue());
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, content), timeout), Outcomes.Asked.of(command));
    }

    private static String event(JsonObject body) {
        String event = body.requiredText("event");
        if (!EVENT.matcher(event).matches()) {
            throw Problem.field("/event", "event must be the name of an event, such as node_left, or *.");
        }
        return event;
    }

    private String url(JsonObject body) {
        String url = body.requiredText("url");
        Target target = Optional.of(url)
                .filter(text -> text.length() <= Limits.HOOK_URL_CHARS_MAX)
                .flatMap(Target::of)
                .orElseThrow(() -> Problem.field(
                        "/url",
                        "url must be an http or https URL of at most " + Limits.HOOK_URL_CHARS_MAX
                                + " characters, without credentials or a fragment."));
        if (!target.isAmong(hosts)) {
            throw Problem.of(
                            ProblemType.HOST_NOT_ALLOWED,
                            "/url",
                            "The setting hooks.hosts does not allow " + target + ".")
                    .with(json -> {
                        json.name("errors").array().object();
                        json.name("field").text("/url");
                        json.name("rule")
                                .text("the host must be one of hooks.hosts")
                                .end()
                                .endArray();
                    });
        }
        return url;
    }

    private Answer delete(Request request, String rest) {
        Command command = new Command.DeleteHook(Names.ofPath(rest));
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, Bytes.EMPTY), timeout),
                Outcomes.Asked.of(command));
    }

    static Answer stored(Outcome.HookStored stored, Command.PutHook put) {
        JsonWriter json = new JsonWriter(256);
        write(json, put.id(), put.event(), put.url(), put.priority(), stored.revision());
        Answer answer = Answer.json(stored.created() ? 201 : 200, json).revision(stored.revision());
        return stored.created() ? answer.header("Location", "/v1/hooks/" + put.id()) : answer;
    }

    private static void write(JsonWriter json, Hook hook) {
        write(json, hook.id(), hook.event(), hook.url(), hook.priority(), hook.revision());
    }

    private static void write(JsonWriter json, String id, String event, String url, int priority, long revision) {
        json.object().name("id").text(id).name("event").text(event).name("url").text(url);
        json.name("priority").number(priority).name("revision").number(revision).end();
    }
}
