package dev.parley.http.api;

import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.NodeReports.Report;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.store.kv.Attendants;
import dev.parley.store.kv.Attendants.Attendant;
import dev.parley.store.kv.MapView;
import dev.parley.store.replica.Replica;
import java.util.Optional;

/** How each member is, as far as this node sees. */
record MemberStates(String self, Replica replica, NodeFacts facts, ControlBoard board) {
    static final String READY = "ready";
    static final String AWAY = "away";

    private static final String JOINING = "joining";
    private static final String SUSPECTED = "suspected";
    private static final String LEAVING = "leaving";

    /** {@code joining}, {@code ready}, {@code suspected} or {@code leaving}; {@code away} of one that is not there. */
    String of(MapView view, String node) {
        Optional<Attendant> attendant = Attendants.find(view, node);
        if (attendant.isEmpty()) {
            return facts.alive().contains(node) ? JOINING : AWAY;
        }
        if (node.equals(self)) {
            return board.isDraining() ? LEAVING : replica.status().ready() ? READY : JOINING;
        }
        Optional<Report> report = report(attendant.get());
        if (report.map(Report::leaving).orElse(false)) {
            return LEAVING;
        }
        if (facts.suspected().contains(node)) {
            return SUSPECTED;
        }
        return report.map(Report::ready).orElse(true) ? READY : JOINING;
    }

    /** The revision it has applied, as it said last; empty when it said nothing yet. */
    Optional<Long> appliedRevision(Attendant attendant) {
        return attendant.node().equals(self)
                ? Optional.of(replica.status().revision())
                : report(attendant).map(Report::revision);
    }

    private Optional<Report> report(Attendant attendant) {
        return board.reports().of(new PeerIdentity(attendant.node(), attendant.incarnation()));
    }
}
