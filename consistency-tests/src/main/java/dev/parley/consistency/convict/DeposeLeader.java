package dev.parley.consistency.convict;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Link;
import dev.parley.consistency.cluster.Linked;
import dev.parley.consistency.nemesis.Fault;
import dev.parley.consistency.run.Script;
import java.util.Random;
import java.util.stream.IntStream;

/** The followers of ZooKeeper's leader find their connections to it reset and elect another; the leader hears nothing and goes on for a while. */
final class DeposeLeader implements Fault {
    private final Linked linked;
    private final int leader;
    private String proof = "";

    /** @param leader server that leads; what is at another does not help */
    DeposeLeader(Linked linked, int leader) {
        this.linked = linked;
        this.leader = leader;
    }

    @Override
    public Ability needs() {
        return Ability.PROCESS;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        proof = "";
        if (!leads(leader)) {
            throw new ClusterException("another server leads already");
        }
        linked.linksTo(leader).forEach(link -> link.cut(Link.Side.RESET, Link.Side.SILENT));
        linked.linksFrom(leader).forEach(link -> link.cut(Link.Side.SILENT, Link.Side.RESET));
        boolean elected = Script.await(this::otherLeads, Linked.DEPOSED_AFTER);
        if (elected && leads(leader)) {
            proof = "two servers lead at once";
        }
        return linked.servers().get(leader).name();
    }

    private boolean otherLeads() {
        return IntStream.range(0, linked.servers().size()).anyMatch(server -> server != leader && leads(server));
    }

    private boolean leads(int server) {
        return linked.mode(server).equals("leader");
    }

    @Override
    public String evidence(Cluster cluster) {
        return proof;
    }

    @Override
    public void end(Cluster cluster) {
        linked.linksTo(leader).forEach(Link::mend);
        linked.linksFrom(leader).forEach(Link::mend);
    }
}
