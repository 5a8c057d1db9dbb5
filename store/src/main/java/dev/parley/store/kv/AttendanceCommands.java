package dev.parley.store.kv;

import dev.parley.store.kv.AttendanceCommand.Origin;
import dev.parley.store.kv.Attendants.Attendant;
import dev.parley.store.kv.ClusterEvents.Field;
import java.util.Optional;
import java.util.UUID;

/** Who is there and who leads, and the events that follow. */
final class AttendanceCommands {
    private static final Outcome ACKNOWLEDGED = new Outcome.Acknowledged();

    private AttendanceCommands() {}

    static Outcome decide(BatchRun run, AttendanceCommand command) {
        return switch (command) {
            case AttendanceCommand.Enter enter -> enter(run, enter);
            case AttendanceCommand.Leave leave ->
                leave(run, leave.node(), leave.incarnation(), "graceful", leave.origin());
            case AttendanceCommand.Expire expire ->
                Office.refusal(run.map(), expire.epoch())
                        .orElseGet(() -> leave(
                                run,
                                expire.node(),
                                expire.incarnation(),
                                expire.graceful() ? "graceful" : "expired",
                                expire.origin()));
            case AttendanceCommand.Resign resign ->
                Office.refusal(run.map(), resign.epoch()).orElseGet(() -> resign(run, resign));
        };
    }

    private static Outcome enter(BatchRun run, AttendanceCommand.Enter enter) {
        if (Members.find(run.map(), enter.node()).isEmpty()) {
            return new Outcome.MemberUnknown(enter.node());
        }
        Optional<Attendant> former = Attendants.find(run.map(), enter.node());
        if (former.filter(attendant -> attendant.incarnation().equals(enter.incarnation()))
                .isPresent()) {
            return new Outcome.Superseded("node " + enter.node() + " is there already");
        }
        former.ifPresent(attendant -> gone(run, attendant, "expired", enter.origin()));
        Attendants.put(
                run.map(),
                new Attendant(
                        enter.node(),
                        enter.incarnation(),
                        enter.version(),
                        enter.labels(),
                        run.atMillis(),
                        run.index()));
        ClusterEvents.add(
                run,
                "node_joined",
                enter.node(),
                enter.origin(),
                new Field("node", enter.node()),
                new Field("incarnation", enter.incarnation().toString()),
                new Field("version", enter.version()));
        formed(run, enter);
        return ACKNOWLEDGED;
    }

    /** Once in a cluster's life, when as many are there as it was meant to begin with. */
    private static void formed(BatchRun run, AttendanceCommand.Enter enter) {
        int size = Attendants.all(run.map()).size();
        if (size >= enter.expected() && run.map().cell(Cells.FORMED).isEmpty()) {
            run.map().putCell(Cells.FORMED, Bytes.EMPTY);
            ClusterEvents.add(
                    run, "cluster_formed", enter.node(), enter.origin(), new Field("size", Integer.toString(size)));
        }
    }

    private static Outcome leave(BatchRun run, String node, UUID incarnation, String reason, Origin origin) {
        Optional<Attendant> attendant = Attendants.find(run.map(), node)
                .filter(there -> there.incarnation().equals(incarnation));
        if (attendant.isEmpty()) {
            return new Outcome.Superseded("incarnation " + incarnation + " of node " + node + " is not there");
        }
        gone(run, attendant.get(), reason, origin);
        return ACKNOWLEDGED;
    }

    /** A registration ended: its node is not there either, whatever ZooKeeper still says. */
    static void removed(BatchRun run, String node) {
        Attendants.find(run.map(), node).ifPresent(attendant -> gone(run, attendant, "removed", Origin.NONE));
        officeEnds(run, node, "removed", Origin.NONE);
    }

    private static void gone(BatchRun run, Attendant attendant, String reason, Origin origin) {
        Attendants.remove(run.map(), attendant.node());
        ClusterEvents.add(
                run,
                "node_left",
                attendant.node(),
                origin,
                new Field("node", attendant.node()),
                new Field("incarnation", attendant.incarnation().toString()),
                new Field("reason", reason));
        officeEnds(run, attendant.node(), reason, origin);
    }

    // -- the office -------------------------------------------------------------------------------------------------

    private static Outcome resign(BatchRun run, AttendanceCommand.Resign resign) {
        Office office = Office.in(run.map()).orElseThrow();
        officeEnds(run, office.node(), "resigned", resign.origin());
        return new Outcome.OfficeResigned(office.node(), office.epoch());
    }

    private static void officeEnds(BatchRun run, String node, String reason, Origin origin) {
        Office.in(run.map()).filter(office -> office.node().equals(node)).ifPresent(office -> {
            run.map().removeCell(Cells.OFFICE);
            lost(run, office, reason, origin);
        });
    }

    /** The new one is in office already. */
    static void elected(BatchRun run, Optional<Office> former, Office now) {
        former.ifPresent(office -> lost(run, office, "superseded", Origin.NONE));
        ClusterEvents.add(
                run,
                "leader_elected",
                now.node(),
                Origin.NONE,
                new Field("leader", now.node()),
                new Field("epoch", Long.toString(now.epoch())));
    }

    private static void lost(BatchRun run, Office office, String reason, Origin origin) {
        ClusterEvents.add(
                run,
                "leader_lost",
                office.node(),
                origin,
                new Field("leader", office.node()),
                new Field("epoch", Long.toString(office.epoch())),
                new Field("reason", reason));
    }
}
