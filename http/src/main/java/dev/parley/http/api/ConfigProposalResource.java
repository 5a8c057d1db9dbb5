package dev.parley.http.api;

import dev.parley.store.kv.Outcome;
import dev.parley.store.kv.Proposal;
import dev.parley.store.kv.Proposal.Verdict;
import dev.parley.store.kv.Proposals;
import dev.parley.store.replica.Replica;
import java.util.List;
import java.util.Optional;

/** {@code /v1/config-proposals/<id>}: who voted how on a change of the configuration, and what came of it. */
final class ConfigProposalResource implements Resource {
    private final Replica replica;

    ConfigProposalResource(Replica replica) {
        this.replica = replica;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/config-proposals/<id>", true).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        ReadLevel level = ReadLevel.of(request.params(LockResource.READ_PARAMETERS));
        long id = Numbers.parse(rest).orElse(LeaseIds.NEVER);
        try (OpenRead read = level.open(replica)) {
            Optional<Proposal> proposal = Proposals.find(read.view(), id);
            if (proposal.isEmpty()) {
                throw read.mark(Problem.of(
                        ProblemType.NO_SUCH_PROPOSAL, "There is no such proposal, or it is not remembered any more."));
            }
            JsonWriter json = new JsonWriter(512);
            write(json, proposal.get());
            return read.mark(Answer.json(200, json));
        }
    }

    private static void write(JsonWriter json, Proposal proposal) {
        json.object().name("id").text(ConfigItems.id(proposal));
        json.name("state").text(state(proposal.verdict()));
        if (proposal.verdict() instanceof Verdict.Committed(long revision)) {
            json.name("revision").number(revision);
        }
        if (proposal.verdict() instanceof Verdict.Refused(Outcome.Refused why)) {
            Problem problem = Outcomes.problem(why, proposal.id(), Outcomes.Asked.NOTHING);
            json.name("reason").text(problem.type().typeName());
        }
        json.name("paths").array();
        proposal.changes().forEach(change -> json.utf8(change.path().bytes().unsafeArray()));
        json.endArray();
        json.name("node").text(proposal.node());
        json.name("at").text(Times.format(proposal.atMillis()));
        if (!proposal.author().isEmpty()) {
            json.name("author").text(proposal.author());
        }
        if (!proposal.comment().isEmpty()) {
            json.name("comment").text(proposal.comment());
        }
        json.name("required").number(proposal.required());
        json.name("voters").array();
        proposal.voters().forEach(json::text);
        json.endArray();
        ConfigItems.votes(json, proposal.votes());
        json.end();
    }

    private static String state(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Pending pending -> "pending";
            case Verdict.Committed committed -> "committed";
            case Verdict.Rejected rejected -> "rejected";
            case Verdict.Refused refused -> "refused";
            case Verdict.Aborted aborted -> "aborted";
        };
    }
}
