package dev.parley.coordination.control;

import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.membership.Member;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.AttendanceCommand.Enter;
import dev.parley.store.kv.AttendanceCommand.Expire;
import dev.parley.store.kv.AttendanceCommand.Origin;
import dev.parley.store.kv.Attendants.Attendant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Brings what is agreed of who is there in line with ZooKeeper's sessions: each node says that it is there, and the one that
 * leads says of others that they are gone. Decides only. One thread.
 */
public final class Roster {
    /** ZooKeeper's list may lag behind the log: a node that just entered must not be expired. */
    static final Duration ABSENT_FOR = Duration.ofSeconds(2);

    private final PeerIdentity self;
    private final String version;
    private final List<String> labels;
    private final int expected;
    private final Set<UUID> leaving = new HashSet<>();
    private final Map<UUID, Long> absentSinceNanos = new HashMap<>();

    /** @param expected how many nodes the cluster was meant to begin with */
    public Roster(PeerIdentity self, String version, List<String> labels, int expected) {
        this.self = self;
        this.version = version;
        this.labels = List.copyOf(labels);
        this.expected = expected;
    }

    /**
     * @param agreed who is there as agreed
     * @param present who has a session, as far as this node sees
     * @param epoch in which this node leads; 0 when it does not
     * @param stamp of the newest event this node knows of
     */
    public List<AttendanceCommand> decide(
            List<Attendant> agreed, List<Member> present, long epoch, long stamp, long nowNanos) {
        var origin = new Origin(stamp, "");
        List<AttendanceCommand> commands = new ArrayList<>();
        boolean known = agreed.stream()
                .anyMatch(attendant -> attendant.node().equals(self.node())
                        && attendant.incarnation().equals(self.incarnation()));
        if (!known) {
            commands.add(new Enter(self.node(), self.incarnation(), version, labels, expected, origin));
        }
        present.stream().filter(Member::leaving).map(Member::incarnation).forEach(leaving::add);
        Set<UUID> there = present.stream().map(Member::incarnation).collect(Collectors.toSet());
        Set<UUID> agreedThere = agreed.stream().map(Attendant::incarnation).collect(Collectors.toSet());
        leaving.retainAll(together(there, agreedThere));
        absentSinceNanos.keySet().retainAll(agreedThere);
        absentSinceNanos.keySet().removeAll(there);
        if (!there.contains(self.incarnation())) {
            absentSinceNanos.clear(); // this node's own view is not complete
            return commands;
        }
        for (Attendant attendant : agreed) {
            if (!there.contains(attendant.incarnation())) {
                long since = absentSinceNanos.computeIfAbsent(attendant.incarnation(), id -> nowNanos);
                if (epoch != 0 && nowNanos - since >= ABSENT_FOR.toNanos()) {
                    boolean graceful = leaving.contains(attendant.incarnation());
                    commands.add(new Expire(epoch, attendant.node(), attendant.incarnation(), graceful, origin));
                }
            }
        }
        return commands;
    }

    private static Set<UUID> together(Set<UUID> one, Set<UUID> other) {
        Set<UUID> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }
}
