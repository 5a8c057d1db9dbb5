package dev.parley.http.api;

import dev.parley.coordination.control.ControlBoard;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.Office;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code /v1/leader}: which node leads, and asking it to let another one. Any node may be asked. */
final class LeaderResource implements Resource {
    private static final List<String> READ_PARAMETERS = List.of("consistency", "min_revision", "timeout");

    private final Replica replica;
    private final ControlBoard board;

    LeaderResource(Replica replica, ControlBoard board) {
        this.replica = replica;
        this.board = board;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/leader", true).on("GET", this::get),
                Route.of("/v1/leader:resign", true).on("POST", this::resign));
    }

    private Answer get(Request request, String rest) {
        try (OpenRead read = ReadLevel.of(request.params(READ_PARAMETERS)).open(replica)) {
            Optional<Office> found = Office.in(read.view());
            if (found.isEmpty()) {
                throw read.mark(nobody());
            }
            Office office = found.get();
            JsonWriter json = new JsonWriter(128);
            json.object().name("leader").text(office.node());
            json.name("epoch").text(Long.toString(office.epoch()));
            json.name("since").text(Times.format(office.sinceMillis()));
            return read.mark(Answer.json(200, json.end()));
        }
    }

    private static Problem nobody() {
        return Problem.of(ProblemType.NO_LEADER, "Nobody leads at the moment; reads and writes need no leader.");
    }

    private Answer resign(Request request, String rest) {
        Duration timeout = request.params(List.of("timeout")).timeout();
        long epoch;
        try (OpenRead read = new ReadLevel(false, 0, Optional.empty(), timeout).open(replica)) {
            epoch = Office.in(read.view()).orElseThrow(LeaderResource::nobody).epoch();
        }
        var command = new AttendanceCommand.Resign(epoch, Origins.of(request, board.events()));
        return Outcomes.answer(replica.submit(Submission.of(command), timeout), Outcomes.Asked.of(command));
    }
}
