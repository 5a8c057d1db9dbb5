package dev.parley.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.coordination.process.Kind;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.ProcessCommand;
import dev.parley.store.kv.ProcessSpecification;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /v1/processes:batch}: registers several, each by itself. With {@code rollback} all of them are looked at
 * first, and what was registered is taken back when one is refused after all.
 */
final class ProcessBatch implements Resource {
    private static final int BODY_BYTES_MAX = 8 << 20;
    private static final int ITEMS_MAX = 500;

    private final Replica replica;
    private final ProcessDesk desk;
    private final ProcessWait waiting;
    private final String node;

    ProcessBatch(Replica replica, ProcessDesk desk, ProcessWait waiting, String node) {
        this.replica = replica;
        this.desk = desk;
        this.waiting = waiting;
        this.node = node;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/processes:batch", true).on("POST", (request, rest) -> batch(request)));
    }

    private record Item(String name, Optional<ProcessSpecification> specification, Optional<Problem> problem) {}

    private record Done(String name, int status, Optional<Problem> problem) {
        boolean isNew() {
            return status == 201;
        }
    }

    private Answer batch(Request request) {
        Duration timeout = request.params(LockResource.WRITE_PARAMETERS).timeout();
        long deadline = waiting.deadline(timeout);
        Companions companions = Companions.of(request);
        Bytes content = request.body(BODY_BYTES_MAX);
        JsonObject body = JsonObject.of(request, content).only(List.of("items", "on_failure"));
        boolean rollback = isRollback(body);
        List<Item> items = items(body, JsonObject.any(content).path("items"));
        boolean faulty = items.stream().anyMatch(item -> item.problem().isPresent());
        List<Done> done = new ArrayList<>();
        boolean failed = faulty;
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            Done each = rollback && failed
                    ? new Done(item.name(), 409, Optional.of(item.problem().orElseGet(ProcessBatch::takenBack)))
                    : register(item, i, companions, request, content, waiting.left(deadline));
            done.add(item.problem().map(problem -> refused(item, problem)).orElse(each));
            failed |= each.problem().isPresent();
        }
        return answer(request, rollback && failed ? rolledBack(done) : done);
    }

    private static boolean isRollback(JsonObject body) {
        return switch (body.text("on_failure").orElse("continue")) {
            case "continue" -> false;
            case "rollback" -> true;
            default -> throw Problem.field("/on_failure", "on_failure must be continue or rollback.");
        };
    }

    private List<Item> items(JsonObject body, JsonNode nodes) {
        if (!body.has("items")) {
            throw body.missing("items");
        }
        List<String> fields = new ArrayList<>(SpecificationBody.FIELDS);
        fields.add("name");
        List<Item> items = new ArrayList<>();
        for (JsonObject each : body.objects("items", ITEMS_MAX)) {
            each.only(fields);
            JsonNode item = nodes.get(items.size());
            String pointer = "/items/" + items.size();
            List<Kind.Fault> faults = ProcessResource.nameFaults(item, pointer);
            String name = item.path("name").isTextual() ? item.path("name").textValue() : "";
            try {
                var specification = SpecificationBody.read(each, item, pointer, desk.kinds(), false, faults);
                items.add(new Item(name, Optional.of(specification), Optional.empty()));
            } catch (Problem problem) {
                if (problem.type() != ProblemType.SPECIFICATION_FAULTY) {
                    throw problem;
                }
                items.add(new Item(name, Optional.empty(), Optional.of(problem)));
            }
        }
        return items;
    }

    private Done register(
            Item item, int number, Companions companions, Request request, Bytes content, Duration timeout) {
        if (item.problem().isPresent()) {
            return refused(item, item.problem().get());
        }
        Command command =
                new ProcessCommand.PutProcess(item.name(), item.specification().orElseThrow());
        try {
            Outcome.ProcessStored stored = ProcessResource.stored(
                    replica.submit(companions.part(command, request, content, number), timeout), command);
            return new Done(item.name(), stored.created() ? 201 : 200, Optional.empty());
        } catch (Problem problem) {
            return refused(item, problem);
        }
    }

    private static Done refused(Item item, Problem problem) {
        return new Done(item.name(), problem.type().status(), Optional.of(problem));
    }

    private static Problem takenBack() {
        return Problem.of(ProblemType.ROLLED_BACK, "Another item of the batch was refused.");
    }

    /** What was there before the batch stays. What cannot be taken back now is told as what it is: registered. */
    private List<Done> rolledBack(List<Done> done) {
        List<Done> after = new ArrayList<>();
        for (Done each : done) {
            after.add(
                    each.isNew() && takeBack(each.name())
                            ? new Done(each.name(), 409, Optional.of(takenBack()))
                            : each);
        }
        return after;
    }

    private boolean takeBack(String name) {
        var result = replica.submit(Submission.of(new ProcessCommand.DeleteProcess(name)), Params.TIMEOUT_DEFAULT);
        return result instanceof Replica.Result.Decided(Outcome.ProcessDeleted deleted, long at)
                || result instanceof Replica.Result.Decided(Outcome.ProcessUnknown unknown, long now);
    }

    private Answer answer(Request request, List<Done> done) {
        JsonWriter json = new JsonWriter(4 << 10);
        json.object().name("results").array();
        for (Done each : done) {
            json.object().name("name").text(each.name()).name("status").number(each.status());
            each.problem().ifPresent(problem -> {
                json.name("problem");
                problem.writeTo(json, request.id(), node, true);
            });
            json.end();
        }
        json.endArray();
        return Answer.json(200, json.end()).revision(replica.status().revision());
    }
}
