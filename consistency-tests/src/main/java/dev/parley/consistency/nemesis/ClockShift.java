package dev.parley.consistency.nemesis;

import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Machine;
import java.util.Random;

/** Moves the wall clock of one node, by libfaketime, which rereads its file every second. The monotonic clock goes on as before, as on a real machine. */
final class ClockShift implements Fault {
    private static final int[] SECONDS = {-288, -60, -5, -1, 1, 5, 60, 288, 86_400};

    private Machine shifted;
    private int seconds;

    @Override
    public Ability needs() {
        return Ability.CLOCK;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        shifted = cluster.machines().get(random.nextInt(cluster.machines().size()));
        seconds = SECONDS[random.nextInt(SECONDS.length)];
        shifted.shell("printf '%+d' " + seconds + " > /faketime/offset");
        return shifted.name() + " by " + seconds + " s";
    }

    /** The node's own process is asked: its answers carry its time. */
    @Override
    public String evidence(Cluster cluster) {
        String seen = shifted.shell(
                        "LD_PRELOAD=$(ls /usr/lib/*/faketime/libfaketime.so.1) FAKETIME_TIMESTAMP_FILE=/faketime/offset FAKETIME_NO_CACHE=1 date +%s")
                .strip();
        String real = shifted.shell("env -u LD_PRELOAD date +%s").strip();
        String preloaded = shifted.shell(
                        "for p in /proc/[0-9]*; do if tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -q parley.jar && grep -q faketime $p/maps 2>/dev/null; "
                                + "then echo yes; break; fi; done")
                .strip();
        long shift = Long.parseLong(seen) - Long.parseLong(real);
        return preloaded.equals("yes") && Math.abs(shift - seconds) <= 2 ? "clock off by " + shift + " s" : "";
    }

    @Override
    public void end(Cluster cluster) {
        if (shifted != null) {
            shifted.shell("printf '+0' > /faketime/offset");
            shifted = null;
        }
    }
}
