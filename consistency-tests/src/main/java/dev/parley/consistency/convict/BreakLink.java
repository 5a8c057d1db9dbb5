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
    private final Duration lasts;
    private final Duration away;
    private final Duration apart;
    private int broken;

    /**
     * @param lasts the whole of it; one more break may be under way by then
     * @param away how long each time
     * @param apart how long it stays connected in between
     */
    BreakLink(Link link, Duration lasts, Duration away, Duration apart) {
        this.link = link;
        this.lasts = lasts;
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
        int times = 0;
        long end = System.nanoTime() + lasts.toNanos();
        while (System.nanoTime() - end < 0) {
            times++;
            long made = link.made();
            link.cut(Link.Side.RESET, Link.Side.RESET);
            LockSupport.parkNanos(away.toNanos());
            link.mend();
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
