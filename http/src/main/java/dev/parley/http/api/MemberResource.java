package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Members.Member;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code /v1/members}: the registered nodes. */
final class MemberResource implements Resource {
    private static final List<String> READ_PARAMETERS = List.of("consistency", "min_revision", "timeout");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Replica replica;
    private final NodeFacts facts;

    MemberResource(Replica replica, NodeFacts facts) {
        this.replica = replica;
        this.facts = facts;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/members", true).on("GET", this::list),
                Route.of("/v1/members/<id>", true).on("GET", this::get).on("DELETE", this::remove));
    }

    private Answer list(Request request, String rest) {
        ReadLevel level = ReadLevel.of(request.params(READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            JsonWriter json = new JsonWriter(1 << 10);
            json.object().name("members").array();
            Members.all(read.view()).forEach(member -> write(json, member));
            json.endArray().name("revision").number(read.revision());
            return read.mark(Answer.json(200, json.end()));
        }
    }

    private Answer get(Request request, String rest) {
        String id = id(rest);
        ReadLevel level = ReadLevel.of(request.params(READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            Optional<Member> member = Members.find(read.view(), id);
            if (member.isEmpty()) {
                throw read.mark(Problem.of(ProblemType.NO_SUCH_MEMBER, "No member " + id + " is registered."));
            }
            JsonWriter json = new JsonWriter(256);
            write(json, member.get());
            return read.mark(Answer.json(200, json));
        }
    }

    private void write(JsonWriter json, Member member) {
        json.object().name("id").text(member.node());
        json.name("url").text(member.url());
        json.name("state").text(state(member.node()));
        json.name("store").text(member.store().toString());
        json.name("format_level").number(member.formatLevel());
        json.name("durable_index").number(member.durable());
        json.end();
    }

    private String state(String node) {
        if (!facts.alive().contains(node)) {
            return "away";
        }
        return facts.suspected().contains(node) ? "suspected" : "alive";
    }

    private Answer remove(Request request, String rest) {
        String id = id(rest);
        Duration timeout = request.params(List.of("timeout")).timeout();
        Companions companions = Companions.of(request);
        if (facts.alive().contains(id)) {
            throw Problem.of(ProblemType.MEMBER_ALIVE, "Member " + id + " is alive; stop it first.");
        }
        Command command = new Command.RemoveMember(id);
        return Outcomes.answer(
                replica.submit(companions.submission(command, request, Bytes.EMPTY), timeout),
                Outcomes.Asked.of(command));
    }

    private static String id(String raw) {
        String id = Percent.ofPath(raw).map(bytes -> Bytes.wrap(bytes).utf8()).orElse("");
        if (!NAME.matcher(id).matches()) {
            throw Problem.of(
                    ProblemType.MALFORMED_PATH,
                    "A member's id is 1 to 128 letters, digits, dots, dashes and underscores, and starts with a letter or digit.");
        }
        return id;
    }
}
