package dev.parley.http.api;

import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.Event;
import dev.parley.coordination.control.EventLog;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.Attendants;
import dev.parley.store.kv.Attendants.Attendant;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.MapView;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Members.Member;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** {@code /v1/members}: the registered nodes. */
final class MemberResource implements Resource {
    private static final List<String> READ_PARAMETERS = List.of("consistency", "min_revision", "timeout");
    private static final List<String> LIST_PARAMETERS = List.of("all", "consistency", "min_revision", "timeout");
    private static final Duration RESIGNED_WITHIN = Duration.ofSeconds(5);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Replica replica;
    private final NodeFacts facts;
    private final MemberStates states;
    private final ControlBoard board;
    private final LongSupplier nanos;

    MemberResource(Replica replica, NodeFacts facts, MemberStates states, ControlBoard board, LongSupplier nanos) {
        this.nanos = nanos;
        this.replica = replica;
        this.facts = facts;
        this.states = states;
        this.board = board;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/members", true).on("GET", this::list),
                Route.of("/v1/members/self:drain", true).on("POST", this::drain),
                Route.of("/v1/members/<id>", true).on("GET", this::get).on("DELETE", this::remove));
    }

    private Answer list(Request request, String rest) {
        Params params = request.params(LIST_PARAMETERS);
        boolean all = params.flag("all");
        try (OpenRead read = ReadLevel.of(params).open(replica)) {
            JsonWriter json = new JsonWriter(1 << 10);
            json.object().name("members").array();
            for (Member member : Members.all(read.view())) {
                if (all || isThere(read.view(), member.node())) {
                    write(json, read.view(), member);
                }
            }
            json.endArray().name("revision").number(read.revision());
            return read.mark(Answer.json(200, json.end()));
        }
    }

    private Answer get(Request request, String rest) {
        String id = id(rest);
        ReadLevel level = ReadLevel.of(request.params(READ_PARAMETERS));
        try (OpenRead read = level.open(replica)) {
            Optional<Member> member = Members.find(read.view(), id).filter(found -> isThere(read.view(), found.node()));
            if (member.isEmpty()) {
                throw read.mark(Problem.of(ProblemType.NO_SUCH_MEMBER, "No member " + id + " is there."));
            }
            JsonWriter json = new JsonWriter(256);
            write(json, read.view(), member.get());
            return read.mark(Answer.json(200, json));
        }
    }

    /** It attends, or is about to. */
    private boolean isThere(MapView view, String node) {
        return !states.of(view, node).equals(MemberStates.AWAY);
    }

    private void write(JsonWriter json, MapView view, Member member) {
        json.object().name("id").text(member.node());
        Optional<Attendant> attendant = Attendants.find(view, member.node());
        attendant.ifPresent(
                there -> json.name("incarnation").text(there.incarnation().toString()));
        json.name("url").text(member.url());
        attendant.ifPresent(there -> json.name("version").text(there.version()));
        json.name("state").text(states.of(view, member.node()));
        attendant.flatMap(states::appliedRevision).ifPresent(revision -> json.name("applied_revision")
                .number(revision));
        json.name("labels").object();
        attendant.map(Attendant::labels).orElse(List.of()).forEach(label -> {
            int equals = label.indexOf('=');
            json.name(label.substring(0, equals)).text(label.substring(equals + 1));
        });
        json.end();
        attendant.ifPresent(there -> json.name("since").text(Times.format(there.sinceMillis())));
        json.name("store").text(member.store().toString());
        json.name("format_level").number(member.formatLevel());
        json.name("durable_index").number(member.durable());
        json.end();
    }

    /** Nothing new is to come to this node: it says that it leaves, and leads no more. What it has goes on. */
    private Answer drain(Request request, String rest) {
        request.params(List.of());
        if (board.drain()) {
            String correlation = Origins.correlation(request);
            board.events().add(Event.SYSTEM, "draining", correlation);
            Replica.Status status = replica.status();
            if (status.leader()) {
                EventLog.Hold hold = board.events()
                        .raise("draining", Event.PRIORITY_MAX, RESIGNED_WITHIN.multipliedBy(2), nanos.getAsLong());
                var resign = new AttendanceCommand.Resign(status.epoch(), Origins.of(request, board.events()));
                replica.submit(Submission.of(resign), RESIGNED_WITHIN, result -> hold.close());
            }
        }
        return Answer.json(
                202, new JsonWriter(32).object().name("state").text("leaving").end());
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
