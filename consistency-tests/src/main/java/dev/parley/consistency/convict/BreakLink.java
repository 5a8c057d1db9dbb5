package dev.parley.consistency.convict;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Link;
import dev.parley.consistency.nemesis.Fault;
import dev.parley.consistency.run.Script;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Breaks the connection of one node to ZooKeeper again and again, each time when it has come back. */
final class BreakLink implements Fault {
    private static final Duration BACK = Duration.ofSeconds(10);

    private final Link link;
    private final int times;
    private final Duration away;
    private final Duration apart;
    private int broken;

    /**
     * @param times within one fault
     * @param away how long each time; zero lets the node connect again at once
     * @param apart how long it stays connected in between
     */
    BreakLink(Link link, int times, Duration away, Duration apart) {
        this.link = link;
        this.times = times;
        this.away = away;
        this.apart = apart;
    }

    @Override
    public Ability needs() {
        return Ability.PROCESS;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        broken = 0;
        for (int i = 0; i < times; i++) {
            long made = link.made();
            if (away.isZero()) {
                link.reset();
            } else {
                link.cut(Link.Side.RESET, Link.Side.RESET);
                LockSupport.parkNanos(away.toNanos());
                link.mend();
            }
            broken += Script.await(() -> link.made() > made, BACK) ? 1 : 0;
            LockSupport.parkNanos((long) (apart.toNanos() * (0.5 + random.nextDouble())));
        }
        return times + " times";
    }

    @Override
    public String evidence(Cluster cluster) {
        return broken == 0 ? "" : "connected again " + broken + " times";
    }

    @Override
    public void end(Cluster cluster) {
        link.mend();
    }
}
