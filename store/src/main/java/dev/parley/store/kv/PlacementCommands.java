package dev.parley.store.kv;

import dev.parley.store.kv.Attendants.Attendant;
import dev.parley.store.kv.ClusterEvents.Field;
import dev.parley.store.kv.PlacementCommand.ReportInstance.Report;
import dev.parley.store.kv.Processes.Placement;
import dev.parley.store.kv.Processes.Process;
import dev.parley.store.kv.Processes.Stage;
import dev.parley.store.kv.RevisionRecord.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where processes run. A place is given only while there is one to give: an instance that may still run counts until its
 * node says that nothing of it does, or until the node is gone.
 */
final class PlacementCommands {
    private static final Outcome ACKNOWLEDGED = new Outcome.Acknowledged();

    private PlacementCommands() {}

    static Outcome decide(BatchRun run, PlacementCommand command) {
        return switch (command) {
            case PlacementCommand.PlaceInstance place ->
                Office.refusal(run.map(), place.epoch()).orElseGet(() -> place(run, place));
            case PlacementCommand.WithdrawInstance withdraw ->
                Office.refusal(run.map(), withdraw.epoch()).orElseGet(() -> withdraw(run, withdraw));
            case PlacementCommand.ForgetInstance forget ->
                Office.refusal(run.map(), forget.epoch()).orElseGet(() -> forget(run, forget));
            case PlacementCommand.NoteRedistribution note ->
                Office.refusal(run.map(), note.epoch()).orElseGet(() -> note(run, note));
            case PlacementCommand.ReportInstance report -> report(run, report);
        };
    }

    private static Outcome place(BatchRun run, PlacementCommand.PlaceInstance place) {
        Optional<Process> process = Processes.find(run.map(), place.name())
                .filter(found -> found.revision() == place.processRevision() && found.run());
        if (process.isEmpty()) {
            return new Outcome.Superseded("process " + place.name() + " is wanted otherwise by now");
        }
        Optional<Attendant> attendant = Attendants.find(run.map(), place.node())
                .filter(there -> there.entered() == place.attendance())
                .filter(there ->
                        there.labels().containsAll(process.get().specification().labels()));
        if (attendant.isEmpty()) {
            return new Outcome.Superseded("node " + place.node() + " is not there, or may not run it");
        }
        List<Placement> placements = Processes.placements(run.map(), place.name());
        int instances = process.get().specification().instances();
        boolean full = instances != ProcessSpecification.EVERY_NODE && placements.size() >= instances;
        if (full || placements.stream().anyMatch(placement -> placement.node().equals(place.node()))) {
            return new Outcome.Superseded("process " + place.name() + " has its places");
        }
        List<Change> changes = new ArrayList<>();
        long token = run.nextRevision();
        var placement = new Placement(
                place.name(),
                place.node(),
                place.attendance(),
                token,
                place.home(),
                Stage.PLACED,
                false,
                0,
                0,
                "",
                token);
        ProcessCommands.write(run, placement, changes);
        run.commit("", changes);
        return ACKNOWLEDGED;
    }

    private static Outcome withdraw(BatchRun run, PlacementCommand.WithdrawInstance withdraw) {
        Optional<Placement> placement = find(run, withdraw.name(), withdraw.node(), withdraw.token())
                .filter(found -> !found.withdrawn() && !found.stage().isOver());
        if (placement.isEmpty()) {
            return gone(withdraw.name(), withdraw.node(), withdraw.token());
        }
        return commit(run, placement.get().asWithdrawn());
    }

    /** What runs on a node that is there is not forgotten, whoever asks. */
    private static Outcome forget(BatchRun run, PlacementCommand.ForgetInstance forget) {
        Optional<Placement> placement = find(run, forget.name(), forget.node(), forget.token())
                .filter(found -> found.stage().isOver() || !found.isAttended(run.map()));
        if (placement.isEmpty()) {
            return gone(forget.name(), forget.node(), forget.token());
        }
        remove(run, placement.get());
        return ACKNOWLEDGED;
    }

    private static Outcome note(BatchRun run, PlacementCommand.NoteRedistribution note) {
        ClusterEvents.add(
                run,
                note.begun() ? "redistribution_begun" : "redistribution_ended",
                "",
                AttendanceCommand.Origin.NONE,
                new Field("instances", Integer.toString(note.instances())));
        return ACKNOWLEDGED;
    }

    // -- what nodes say -------------------------------------------------------------------------------------------

    private static Outcome report(BatchRun run, PlacementCommand.ReportInstance told) {
        Optional<Placement> found = find(run, told.name(), told.node(), told.token())
                .filter(placement -> told.node().equals(run.node()));
        if (found.isEmpty()) {
            return gone(told.name(), told.node(), told.token());
        }
        Placement placement = found.get();
        return switch (told.report()) {
            case Report.Running(int restarts) -> running(run, placement, restarts);
            case Report.Ended(int restarts, String reason) ->
                commit(run, placement.reached(Stage.PLACED, restarts, placement.startedAtMillis(), reason));
            case Report.Finished(int restarts) -> {
                Placement over = placement.reached(
                        Stage.FINISHED, restarts, placement.startedAtMillis(), placement.lastFailure());
                yield end(run, over, "process_finished", "");
            }
            case Report.Failed(int restarts, String reason) -> {
                Placement over = placement.reached(Stage.FAILED, restarts, placement.startedAtMillis(), reason);
                yield end(run, over, "process_failed", reason);
            }
            case Report.Released(Optional<Bytes> state) -> released(run, placement, state);
        };
    }

    private static Outcome running(BatchRun run, Placement placement, int restarts) {
        if (placement.stage() == Stage.RUNNING && placement.restarts() == restarts) {
            return ACKNOWLEDGED;
        }
        Outcome outcome =
                commit(run, placement.reached(Stage.RUNNING, restarts, run.atMillis(), placement.lastFailure()));
        Field token = new Field("token", Long.toString(placement.token()));
        Bytes cell = Cells.lastNode(placement.name());
        String before = run.map().cell(cell).map(Bytes::utf8).orElse("");
        boolean wanted = Processes.find(run.map(), placement.name()).isPresent();
        if (wanted) {
            run.map().putCell(cell, Bytes.utf8(placement.node()));
        }
        if (restarts > 0) {
            Field times = new Field("restarts", Integer.toString(restarts));
            ProcessCommands.event(run, "process_restarted", placement.node(), placement.name(), token, times);
        } else if (!before.isEmpty() && !before.equals(placement.node()) && isSingleton(run, placement)) {
            Field from = new Field("from", before);
            ProcessCommands.event(run, "process_migrated", placement.node(), placement.name(), token, from);
        } else {
            ProcessCommands.event(run, "process_started", placement.node(), placement.name(), token);
        }
        return outcome;
    }

    private static boolean isSingleton(BatchRun run, Placement placement) {
        return Processes.find(run.map(), placement.name())
                .filter(process -> process.specification().isSingleton())
                .isPresent();
    }

    /** It is over, and holds its place so that it is not placed again; unless nobody wants it any more. */
    private static Outcome end(BatchRun run, Placement over, String event, String reason) {
        boolean wanted = Processes.find(run.map(), over.name())
                .filter(Process::run)
                .filter(process -> !over.withdrawn())
                .isPresent();
        if (wanted) {
            commit(run, over);
            ProcessCommands.event(run, event, over.node(), over.name(), new Field("reason", reason));
            return ACKNOWLEDGED;
        }
        return released(run, over, Optional.empty());
    }

    private static Outcome released(BatchRun run, Placement placement, Optional<Bytes> state) {
        Optional<Process> process = Processes.find(run.map(), placement.name());
        if (process.filter(wanted -> wanted.specification().handOver()).isPresent()) {
            state.ifPresent(given -> run.map()
                    .putCell(
                            Cells.handedOver(placement.name()),
                            new BinaryWriter(given.size() + 4)
                                    .i32(Processes.crcOf(given))
                                    .raw(given.unsafeArray())
                                    .toBytes()));
        }
        remove(run, placement);
        boolean ended = process.filter(Process::run).isEmpty();
        if (ended && Processes.placements(run.map(), placement.name()).isEmpty()) {
            ProcessCommands.event(run, "process_stopped", placement.node(), placement.name());
        }
        return ACKNOWLEDGED;
    }

    private static Optional<Placement> find(BatchRun run, String name, String node, long token) {
        return Processes.placement(run.map(), name, node).filter(placement -> placement.token() == token);
    }

    private static Outcome commit(BatchRun run, Placement placement) {
        List<Change> changes = new ArrayList<>();
        ProcessCommands.write(run, placement, changes);
        run.commit("", changes);
        return ACKNOWLEDGED;
    }

    private static void remove(BatchRun run, Placement placement) {
        List<Change> changes = new ArrayList<>();
        ProcessCommands.remove(run, placement, changes);
        run.commit("", changes);
    }

    private static Outcome gone(String name, String node, long token) {
        return new Outcome.Superseded("process " + name + " is not on node " + node + " with token " + token);
    }
}
