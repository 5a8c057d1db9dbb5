package dev.parley.http.node;

import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.Event;
import dev.parley.coordination.control.EventLog;
import dev.parley.coordination.control.NodeReports;
import dev.parley.coordination.control.Roster;
import dev.parley.coordination.control.Subsystems;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.gossip.Priority;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.Attendants;
import dev.parley.store.kv.Attendants.Attendant;
import dev.parley.store.kv.ClusterEvents.Field;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the node as a whole: which parts work, who is there, what happened. A thread of its own, on which a look that
 * fails is told and tried again; the parts it looks at do not know of it.
 */
final class ControlPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration LAST_WORD_WITHIN = Duration.ofSeconds(1);
    private static final Duration REBUILT_WITHIN = Duration.ofMinutes(10);
    private static final Duration ASKED_WITHIN = Duration.ofSeconds(5);

    /** Of the looks, those at which the others are told and the roster is kept. */
    private static final int LOOKS_PER_ROUND = 5;

    private final Parts parts;
    private final Pause pause = new Pause();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().daemon().name("control").unstarted(this::run);
    private Set<String> suspected = Set.of();
    private Optional<EventLog.Hold> rebuildHold = Optional.empty();
    private String failing = "";

    /** @param working whether each part of the node works at the moment of the question */
    record Parts(
            PeerIdentity self,
            Roster roster,
            Replica replica,
            Mesh mesh,
            Surroundings surroundings,
            ControlBoard board,
            Map<String, BooleanSupplier> working,
            Ambient ambient) {}

    ControlPlane(Parts parts) {
        this.parts = parts;
    }

    void start() {
        parts.board().events().add(Event.SYSTEM, "initialization_started", "");
        parts.board().subsystems().expected().forEach(name -> parts.board()
                .events()
                .add(Event.SYSTEM, "subsystem_starting", "", new Field("subsystem", name)));
        thread.start();
    }

    private void run() {
        int look = 0;
        do {
            try {
                look(look++ % LOOKS_PER_ROUND == 0);
                failing = "";
            } catch (RuntimeException failure) {
                tellOnce(failure);
            }
        } while (pause.of(LOOK_EVERY));
    }

    /** What it knows is read anew at each look, so nothing is missed by one that failed. */
    private void tellOnce(RuntimeException failure) {
        String what = String.valueOf(failure);
        if (!failing.equals(what)) {
            failing = what;
            LOG.atError().setCause(failure).log("a look at the node failed; the next one follows");
        }
    }

    private void look(boolean round) {
        Optional<StateView> newest = parts.replica().view();
        if (newest.isPresent()) {
            try (StateView view = newest.get()) {
                follow(view);
                if (round) {
                    keepRoster(view);
                }
            }
        }
        lookAtPeers();
        lookAtParts();
        holdWhileRebuilding();
        parts.board().events().expire(parts.ambient().nanos().getAsLong());
        if (round) {
            var status = parts.replica().status();
            var report = new NodeReports.Report(status.ready(), parts.board().isDraining(), status.revision());
            parts.mesh().sendToAll(NodeReports.SERVICE, Priority.CONTROL, report.encode());
        }
    }

    // -- what happened ----------------------------------------------------------------------------------------------

    private void follow(StateView view) {
        List<Event> fresh = parts.board().follow(view);
        for (Event event : fresh) {
            if (event.name().startsWith("node_") || event.name().startsWith("leader_")) {
                monitor(event, view);
            }
        }
    }

    /** One line for each change of membership, with who is left. */
    private static void monitor(Event event, StateView view) {
        boolean expired = event.field("reason").equals("expired");
        (expired ? LOG.atWarn() : LOG.atInfo())
                .addKeyValue("event", event.name())
                .addKeyValue("about", event.node())
                .addKeyValue("reason", event.field("reason"))
                .addKeyValue("event_id", event.id())
                .addKeyValue(
                        "members",
                        Attendants.all(view).stream().map(Attendant::node).toList())
                .log("the cluster changed");
    }

    private void lookAtPeers() {
        Set<String> now = new TreeSet<>(parts.surroundings().suspected());
        now.stream().filter(node -> !suspected.contains(node)).forEach(node -> peer("node_suspected", node));
        suspected.stream().filter(node -> !now.contains(node)).forEach(node -> peer("node_unsuspected", node));
        suspected = now;
    }

    private void peer(String what, String node) {
        parts.board().events().add(Event.CLUSTER, what, "", new Field("node", node));
        LOG.atInfo().addKeyValue("event", what).addKeyValue("about", node).log("a peer changed");
    }

    // -- the parts of the node --------------------------------------------------------------------------------------

    private void lookAtParts() {
        Map<String, Boolean> working = new TreeMap<>();
        parts.working().forEach((name, works) -> working.put(name, works.getAsBoolean()));
        Subsystems.Looked looked = parts.board().subsystems().look(working);
        for (Subsystems.Change change : looked.changes()) {
            Field[] about =
                    change.part().isEmpty() ? new Field[] {} : new Field[] {new Field("subsystem", change.part())};
            parts.board().events().add(Event.SYSTEM, change.name(), "", about);
            boolean wrong = change.name().equals("degraded") || change.name().equals("subsystem_failed");
            (wrong ? LOG.atWarn() : LOG.atInfo())
                    .addKeyValue("event", change.name())
                    .addKeyValue("subsystem", change.part())
                    .addKeyValue("missing", looked.now().missing())
                    .log("the node changed");
        }
        parts.board().looked(looked.now(), parts.ambient().epochMillis().getAsLong());
    }

    /** While this node's tables are replaced nobody is to act on what it lists: it is behind, and will list it again in order. */
    private void holdWhileRebuilding() {
        boolean rebuilding = parts.surroundings().rebuild().isPresent();
        if (rebuilding && rebuildHold.isEmpty()) {
            rebuildHold = Optional.of(parts.board()
                    .events()
                    .raise(
                            "snapshot",
                            Event.PRIORITY_MAX,
                            REBUILT_WITHIN,
                            parts.ambient().nanos().getAsLong()));
        } else if (!rebuilding && parts.replica().status().staleReady()) {
            rebuildHold.ifPresent(EventLog.Hold::close);
            rebuildHold = Optional.empty();
        }
    }

    // -- who is there -----------------------------------------------------------------------------------------------

    private void keepRoster(StateView view) {
        var status = parts.replica().status();
        if (!status.ready() || underWay.get() > 0) {
            return;
        }
        List<AttendanceCommand> commands = parts.roster()
                .decide(
                        Attendants.all(view),
                        parts.surroundings().everyone(),
                        status.leader() ? status.epoch() : 0,
                        parts.board().events().stamp(),
                        parts.ambient().nanos().getAsLong());
        for (AttendanceCommand command : commands) {
            underWay.incrementAndGet();
            parts.replica().submit(Submission.of(command), ASKED_WITHIN, result -> underWay.decrementAndGet());
        }
    }

    /** Ends the looks and tells the cluster that this node leaves; what the cluster does not hear it finds out itself. */
    @Override
    public void close() {
        parts.board().drain();
        pause.end();
        try {
            thread.join(LAST_WORD_WITHIN);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        var status = parts.replica().status();
        if (status.ready()) {
            var origin = new AttendanceCommand.Origin(parts.board().events().stamp(), "");
            if (status.leader()) {
                say(new AttendanceCommand.Resign(status.epoch(), origin));
            }
            say(new AttendanceCommand.Leave(parts.self().node(), parts.self().incarnation(), origin));
        }
    }

    private void say(AttendanceCommand command) {
        parts.replica().submit(Submission.of(command), LAST_WORD_WITHIN);
    }
}
