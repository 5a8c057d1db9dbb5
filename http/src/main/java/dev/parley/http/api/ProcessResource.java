package dev.parley.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.Standing;
import dev.parley.coordination.process.Standing.State;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.ProcessCommand;
import dev.parley.store.kv.ProcessCommand.SteerProcess.Wish;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.Processes;
import dev.parley.store.kv.Processes.Process;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code /v1/processes} and {@code /v1/singletons}: what is to run, and where it does. Any node answers for all. */
final class ProcessResource implements Resource {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1_000;
    private static final int LOOKED_AT_A_TIME = 256;

    private final Replica replica;
    private final ProcessDesk desk;
    private final ProcessWait waiting;

    ProcessResource(Replica replica, ProcessDesk desk, ProcessWait waiting) {
        this.replica = replica;
        this.desk = desk;
        this.waiting = waiting;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/processes/<name>:stop", true)
                        .on("POST", (request, rest) -> steer(request, rest, Wish.STOP)),
                Route.of("/v1/processes/<name>:restart", true)
                        .on("POST", (request, rest) -> steer(request, rest, Wish.RESTART)),
                Route.of("/v1/processes/<name>:migrate", true)
                        .on("POST", (request, rest) -> steer(request, rest, Wish.MIGRATE)),
                Route.of("/v1/processes/<name>", true)
                        .on("PUT", this::put)
                        .on("GET", this::get)
                        .on("DELETE", this::delete),
                Route.of("/v1/processes", true).on("GET", this::list),
                Route.of("/v1/singletons/<name>", true).on("GET", this::get),
                Route.of("/v1/singletons", true).on("POST", this::start));
    }

    // -- registering ----------------------------------------------------------------------------------------------

    private Answer put(Request request, String rest) {
        String name = Names.ofPath(rest);
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(SpecificationBody.FIELDS);
        ProcessSpecification specification =
                SpecificationBody.read(body, JsonObject.any(content), "", desk.kinds(), false, List.of());
        Command command = new ProcessCommand.PutProcess(name, specification);
        Result result = replica.submit(companions.submission(command, request, content), timeout);
        Outcome.ProcessStored stored = stored(result, command);
        Answer answer = waiting.answer(name, stored, ProcessWait.For.REGISTERED, timeout);
        return located(answer, result, stored, "/v1/processes/" + name);
    }

    private Answer start(Request request, String rest) {
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(BODY_BYTES_MAX);
        List<String> fields = new ArrayList<>(SpecificationBody.FIELDS);
        fields.addAll(List.of("name", "wait_for"));
        JsonObject body = JsonObject.of(request, content).only(fields);
        JsonNode node = JsonObject.any(content);
        ProcessWait.For until = waitFor(body);
        ProcessSpecification specification =
                SpecificationBody.read(body, node, "", desk.kinds(), true, nameFaults(node, ""));
        String name = node.get("name").textValue();
        Command command = new ProcessCommand.PutProcess(name, specification);
        long deadline = waiting.deadline(timeout);
        Result result = replica.submit(companions.submission(command, request, content), timeout);
        Outcome.ProcessStored stored = stored(result, command);
        Answer answer = waiting.answer(name, stored, until, waiting.left(deadline));
        return located(answer, result, stored, "/v1/singletons/" + name);
    }

    private static Answer located(Answer answer, Result result, Outcome.ProcessStored stored, String location) {
        if (stored.created()) {
            answer.header("Location", location);
        }
        boolean replayed = result instanceof Result.Decided(Outcome.Replayed again, long now);
        return replayed ? answer.header(Outcomes.REPLAY, "true") : answer;
    }

    private static ProcessWait.For waitFor(JsonObject body) {
        return switch (body.text("wait_for").orElse("running")) {
            case "running" -> ProcessWait.For.RUNNING;
            case "registered" -> ProcessWait.For.REGISTERED;
            case "none" -> ProcessWait.For.NONE;
            default -> throw Problem.field("/wait_for", "wait_for must be running, registered or none.");
        };
    }

    static List<Kind.Fault> nameFaults(JsonNode body, String pointer) {
        JsonNode name = body.get("name");
        if (name == null) {
            return List.of(new Kind.Fault(pointer + "/name", "is missing"));
        }
        return name.isTextual() && Names.isName(name.textValue())
                ? List.of()
                : List.of(new Kind.Fault(pointer + "/name", "must be a name"));
    }

    static Outcome.ProcessStored stored(Result result, Command command) {
        return switch (result) {
            case Result.Decided(Outcome.ProcessStored stored, long at) -> stored;
            case Result.Decided(Outcome.Replayed(long at, Outcome.ProcessStored stored), long now) -> stored;
            case Result.Decided decided -> throw Outcomes.refusal(decided, Outcomes.Asked.of(command));
            case Result.NotApplied(Replica.Refusal why) -> throw Outcomes.refusal(why);
            case Result.Unknown unknown -> throw Outcomes.unknown();
        };
    }

    // -- steering -------------------------------------------------------------------------------------------------

    private Answer steer(Request request, String rest, Wish wish) {
        String name = Names.ofPath(rest);
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        Bytes content = request.body(BODY_BYTES_MAX);
        String node = "";
        if (content.size() > 0) {
            JsonObject body = JsonObject.of(request, content).only(wish == Wish.MIGRATE ? List.of("node") : List.of());
            node = body.text("node").orElse("");
            if (body.has("node") && !Names.isName(node)) {
                throw Problem.field("/node", "node must be a name.");
            }
        }
        Command command = new ProcessCommand.SteerProcess(name, wish, node);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, content), timeout), Outcomes.Asked.of(command));
    }

    private Answer delete(Request request, String rest) {
        Command command = new ProcessCommand.DeleteProcess(Names.ofPath(rest));
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        Companions companions = Companions.of(request);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, Bytes.EMPTY), timeout),
                Outcomes.Asked.of(command));
    }

    // -- looking --------------------------------------------------------------------------------------------------

    private Answer get(Request request, String rest) {
        String name = Names.ofPath(rest);
        ReadLevel level = ReadLevel.of(request.params(LockResource.READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            Optional<Process> process = Processes.find(read.view(), name);
            if (process.isEmpty()) {
                throw read.mark(noSuchProcess(name));
            }
            Standing standing = Standing.of(read.view(), process.get());
            return read.mark(answer(200, standing));
        }
    }

    static Problem noSuchProcess(String name) {
        return Problem.of(ProblemType.NO_SUCH_PROCESS, "There is no process " + name + ".");
    }

    static Answer answer(int status, Standing standing) {
        JsonWriter json = new JsonWriter(1_024);
        ProcessJson.write(json, standing);
        return Answer.json(status, json).etag(standing.revision());
    }

    private Answer list(Request request, String rest) {
        Params params = request.params(
                List.of("tag", "node", "state", "limit", "after", "consistency", "min_revision", "timeout"));
        Predicate<Standing> filter = filter(params);
        int limit = params.number("limit", 1, LIMIT_MAX)
                .orElse((long) LIMIT_DEFAULT)
                .intValue();
        String after = params.text("after").orElse("");
        if (!after.isEmpty()) {
            Names.requireName("after", after);
        }
        ReadLevel level = ReadLevel.of(params);
        try (OpenRead read = level.open(replica)) {
            List<Standing> found = find(read.view(), filter, after, limit + 1);
            boolean more = found.size() > limit;
            List<Standing> page = more ? found.subList(0, limit) : found;
            JsonWriter json = new JsonWriter(16 << 10);
            json.object().name("revision").number(read.revision());
            json.name("more").bool(more);
            json.name("next");
            if (more) {
                json.text(page.getLast().process().name());
            } else {
                json.nothing();
            }
            json.name("items").array();
            page.forEach(standing -> ProcessJson.write(json, standing));
            json.endArray();
            return read.mark(Answer.json(200, json.end()));
        }
    }

    private static List<Standing> find(MapView view, Predicate<Standing> filter, String after, int countMax) {
        List<Standing> found = new ArrayList<>();
        String behind = after;
        while (found.size() < countMax) {
            List<Process> next = Processes.list(view, behind, LOOKED_AT_A_TIME);
            next.stream()
                    .map(process -> Standing.of(view, process))
                    .filter(filter)
                    .limit(countMax - found.size())
                    .forEach(found::add);
            if (next.size() < LOOKED_AT_A_TIME) {
                break;
            }
            behind = next.getLast().name();
        }
        return found;
    }

    private static Predicate<Standing> filter(Params params) {
        Optional<String> tag = params.text("tag");
        Optional<String> node = params.text("node");
        Optional<State> state = params.text("state").map(text -> State.ofText(text)
                .orElseThrow(() -> Problem.parameter(
                        "state", "state must be pending, starting, running, stopping, stopped, failed or orphaned.")));
        return standing ->
                tag.map(wanted -> standing.process().specification().tags().contains(wanted))
                                .orElse(true)
                        && node.map(wanted -> standing.instances().stream().anyMatch(instance -> instance.isOn(wanted)))
                                .orElse(true)
                        && state.map(wanted -> standing.state() == wanted).orElse(true);
    }
}
