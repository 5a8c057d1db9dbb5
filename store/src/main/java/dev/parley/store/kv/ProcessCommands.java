package dev.parley.store.kv;

import dev.parley.store.kv.AttendanceCommand.Origin;
import dev.parley.store.kv.ClusterEvents.Field;
import dev.parley.store.kv.Processes.Placement;
import dev.parley.store.kv.Processes.Process;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.kv.Version.Live;
import dev.parley.store.kv.Version.Tombstone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What clients want to run, and what processes write down for themselves. Each makes one revision, when it changes anything. */
final class ProcessCommands {
    private ProcessCommands() {}

    static Outcome decide(BatchRun run, Submission submission, ProcessCommand command) {
        String author = submission.author();
        return switch (command) {
            case ProcessCommand.PutProcess put -> put(run, author, put);
            case ProcessCommand.DeleteProcess delete -> delete(run, author, delete.name());
            case ProcessCommand.SteerProcess steer -> steer(run, author, steer);
            case ProcessCommand.PutRecord put -> putRecord(run, submission, put);
        };
    }

    private static Outcome put(BatchRun run, String author, ProcessCommand.PutProcess put) {
        Optional<Process> former = Processes.find(run.map(), put.name());
        if (former.isPresent()) {
            return former.get().specification().equals(put.specification())
                    ? new Outcome.ProcessStored(former.get().revision(), false)
                    : new Outcome.ProcessNameTaken(put.name());
        }
        long count = Cells.number(run.map(), Cells.PROCESS_COUNT, 0);
        if (count >= Limits.PROCESSES_MAX) {
            return new Outcome.LimitReached("processes", Limits.PROCESSES_MAX);
        }
        Cells.putNumber(run.map(), Cells.PROCESS_COUNT, count + 1);
        long revision = run.nextRevision();
        List<Change> changes = new ArrayList<>();
        write(run, new Process(put.name(), put.specification(), true, "", "", revision, revision), changes);
        run.commit(author, changes);
        event(run, "process_registered", "", put.name());
        return new Outcome.ProcessStored(revision, true);
    }

    /** What may still run holds its place until its node says that it does not; nothing it writes is accepted any more. */
    private static Outcome delete(BatchRun run, String author, String name) {
        if (Processes.find(run.map(), name).isEmpty()) {
            return new Outcome.ProcessUnknown(name);
        }
        List<Change> changes = new ArrayList<>();
        remove(run, Keyspace.PROCESS, Processes.keyOf(name), changes);
        List<Placement> placements = Processes.placements(run.map(), name);
        placements.stream().filter(each -> each.stage().isOver()).forEach(each -> remove(run, each, changes));
        Processes.records(run.map(), name, "", Limits.RECORDS_PER_PROCESS_MAX)
                .forEach(item -> remove(run, Keyspace.RECORD, Processes.recordKey(name, item.key()), changes));
        run.map().removeCell(Cells.handedOver(name));
        run.map().removeCell(Cells.lastNode(name));
        Cells.putNumber(run.map(), Cells.PROCESS_COUNT, Cells.number(run.map(), Cells.PROCESS_COUNT, 1) - 1);
        run.commit(author, changes);
        if (placements.stream().allMatch(each -> each.stage().isOver())) {
            event(run, "process_stopped", "", name);
        }
        return new Outcome.ProcessDeleted(run.revision());
    }

    // -- steering -------------------------------------------------------------------------------------------------

    private static Outcome steer(BatchRun run, String author, ProcessCommand.SteerProcess steer) {
        Optional<Process> found = Processes.find(run.map(), steer.name());
        if (found.isEmpty()) {
            return new Outcome.ProcessUnknown(steer.name());
        }
        Process process = found.get();
        List<Placement> placements = Processes.placements(run.map(), steer.name());
        return switch (steer.wish()) {
            case STOP -> stop(run, author, process, placements);
            case RESTART -> {
                apply(run, author, process.steered(true, process.target(), process.avoid()), placements);
                yield new Outcome.ProcessSteered(run.revision());
            }
            case MIGRATE -> migrate(run, author, process, placements, steer.node());
        };
    }

    private static Outcome stop(BatchRun run, String author, Process process, List<Placement> placements) {
        if (!process.run()) {
            return new Outcome.ProcessSteered(process.revision());
        }
        List<Change> changes = new ArrayList<>();
        write(run, process.steered(false, process.target(), process.avoid()), changes);
        placements.stream().filter(each -> each.stage().isOver()).forEach(each -> remove(run, each, changes));
        run.commit(author, changes);
        if (placements.stream().allMatch(each -> each.stage().isOver())) {
            event(run, "process_stopped", "", process.name());
        }
        return new Outcome.ProcessSteered(run.revision());
    }

    private static Outcome migrate(
            BatchRun run, String author, Process process, List<Placement> placements, String target) {
        String from = placements.stream().map(Placement::node).findFirst().orElse("");
        Optional<String> fault = migrationFault(run, process, from, target);
        if (fault.isPresent()) {
            return new Outcome.ProcessImmovable(process.name(), fault.get());
        }
        if (!target.isEmpty() && target.equals(from)) {
            return new Outcome.ProcessSteered(process.revision());
        }
        apply(run, author, process.steered(true, target, target.isEmpty() ? from : ""), placements);
        return new Outcome.ProcessSteered(run.revision());
    }

    private static Optional<String> migrationFault(BatchRun run, Process process, String from, String target) {
        if (!process.specification().isSingleton()) {
            return Optional.of("only what runs once can be moved");
        }
        if (!process.run()) {
            return Optional.of("it is stopped");
        }
        List<String> fit = Attendants.all(run.map()).stream()
                .filter(node ->
                        node.labels().containsAll(process.specification().labels()))
                .map(Attendants.Attendant::node)
                .toList();
        if (!target.isEmpty()) {
            return fit.contains(target)
                    ? Optional.empty()
                    : Optional.of("node " + target + " is not there, or has not the labels");
        }
        return fit.stream().anyMatch(node -> !node.equals(from))
                ? Optional.empty()
                : Optional.of("there is no other node that may run it");
    }

    /** What is over is forgotten, so that it is placed anew; what may run is stopped first. */
    private static void apply(BatchRun run, String author, Process process, List<Placement> placements) {
        List<Change> changes = new ArrayList<>();
        write(run, process, changes);
        for (Placement placement : placements) {
            if (placement.stage().isOver()) {
                remove(run, placement, changes);
            } else if (!placement.withdrawn()) {
                write(run, placement.asWithdrawn(), changes);
            }
        }
        run.commit(author, changes);
    }

    // -- records --------------------------------------------------------------------------------------------------

    private static Outcome putRecord(BatchRun run, Submission submission, ProcessCommand.PutRecord put) {
        boolean own = submission.fences().stream()
                .anyMatch(fence ->
                        fence.kind().equals(Processes.FENCE) && fence.name().equals(put.name()));
        if (!own) {
            return new Outcome.Fenced(new Submission.Fence(Processes.FENCE, put.name(), 0));
        }
        Key key = Processes.recordKey(put.name(), put.id());
        Optional<Live> former = Processes.record(run.map(), put.name(), put.id());
        long actual = former.map(Live::modRevision).orElse(0L);
        if (put.onlyAt().isPresent() && put.onlyAt().getAsLong() != actual) {
            return new Outcome.PreconditionFailed(put.id(), actual);
        }
        List<Change> changes = new ArrayList<>();
        if (put.value().isEmpty()) {
            if (former.isPresent()) {
                remove(run, Keyspace.RECORD, key, changes);
                run.commit(submission.author(), changes);
            }
            return new Outcome.Deleted(run.revision(), former.isPresent() ? 1 : 0);
        }
        if (former.isEmpty() && isFull(run, put.name())) {
            return new Outcome.LimitReached("records-per-process", Limits.RECORDS_PER_PROCESS_MAX);
        }
        long version =
                write(run, Keyspace.RECORD, key, put.contentType(), put.value().get(), changes);
        run.commit(submission.author(), changes);
        return new Outcome.Stored(run.revision(), version, version == 1, Optional.empty());
    }

    private static boolean isFull(BatchRun run, String name) {
        int max = Limits.RECORDS_PER_PROCESS_MAX;
        return Processes.records(run.map(), name, "", max).size() >= max;
    }

    // -- writing --------------------------------------------------------------------------------------------------

    static void write(BatchRun run, Process process, List<Change> changes) {
        write(run, Keyspace.PROCESS, Processes.keyOf(process.name()), "", Processes.encode(process), changes);
    }

    static void write(BatchRun run, Placement placement, List<Change> changes) {
        Key key = Processes.keyOf(placement.name(), placement.node());
        write(run, Keyspace.PROCESS, key, "", Processes.encode(placement), changes);
    }

    private static long write(
            BatchRun run, Keyspace keyspace, Key key, String contentType, Bytes value, List<Change> changes) {
        Optional<Live> former = run.map().liveAt(keyspace, key, run.revision());
        long created = former.map(Live::createRevision).orElse(run.nextRevision());
        long version = former.map(Live::version).orElse(0L) + 1;
        run.map().put(keyspace, key, new Live(created, run.nextRevision(), version, LeaseId.NONE, contentType, value));
        changes.add(new Change(keyspace, key));
        return version;
    }

    static void remove(BatchRun run, Placement placement, List<Change> changes) {
        remove(run, Keyspace.PROCESS, Processes.keyOf(placement.name(), placement.node()), changes);
    }

    private static void remove(BatchRun run, Keyspace keyspace, Key key, List<Change> changes) {
        run.map().put(keyspace, key, new Tombstone(run.nextRevision()));
        changes.add(new Change(keyspace, key));
    }

    static void event(BatchRun run, String what, String node, String name, Field... more) {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("name", name));
        if (!node.isEmpty()) {
            fields.add(new Field("node", node));
        }
        fields.addAll(List.of(more));
        ClusterEvents.add(run, what, node, Origin.NONE, fields.toArray(Field[]::new));
    }
}
