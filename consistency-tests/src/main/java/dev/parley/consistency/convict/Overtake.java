package dev.parley.consistency.convict;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Link;
import dev.parley.consistency.cluster.ThreadPause;
import dev.parley.consistency.nemesis.Fault;
import dev.parley.consistency.run.Script;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * The connection of a node to ZooKeeper breaks, and the thread that would tell the node so gets no processor for a
 * moment: what the node sends in that moment overtakes what was lost with the connection.
 */
final class Overtake implements Fault {
    private static final String TELLS = "-EventThread";
    private static final int TIMES = 4;
    private static final Duration MOMENT = Duration.ofMillis(300);
    private static final Duration BACK = Duration.ofSeconds(10);
    private static final Duration APART = Duration.ofMillis(1_500);

    private final Link link;
    private final int debuggerPort;
    private int broken;

    Overtake(Link link, int debuggerPort) {
        this.link = link;
        this.debuggerPort = debuggerPort;
    }

    @Override
    public Ability needs() {
        return Ability.PROCESS;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        broken = 0;
        for (int i = 0; i < TIMES; i++) {
            long made = link.made();
            ThreadPause pause = ThreadPause.begin(debuggerPort, TELLS);
            try {
                link.reset();
                LockSupport.parkNanos(MOMENT.toNanos());
            } finally {
                pause.close();
            }
            broken += Script.await(() -> link.made() > made, BACK) ? 1 : 0;
            LockSupport.parkNanos((long) (APART.toNanos() * (0.5 + random.nextDouble())));
        }
        return TIMES + " times";
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
