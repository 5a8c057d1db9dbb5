package dev.parley.consistency.nemesis;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.Machine;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Random;

/** Moves the wall clock of one node, by libfaketime, which rereads its file every second. The monotonic clock goes on as before, as on a real machine. */
final class ClockShift implements Fault {
    private static final int[] SECONDS = {-288, -60, -5, 5, 60, 288, 86_400};

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

    /** The node itself is asked: its answers carry its time. */
    @Override
    public String evidence(Cluster cluster) {
        try (NodeClient node = new NodeClient(shifted.name(), shifted.url(), Duration.ofSeconds(2))) {
            Instant now = Instant.now();
            if (node.send("GET", "/livez") instanceof Reply.Answer answer
                    && answer.header("date").isPresent()) {
                Instant told = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(
                        answer.header("date").get()));
                long shift = Duration.between(now, told).toSeconds();
                return Math.abs(shift - seconds) <= 3 && shift != 0 ? "the node's clock is off by " + shift + " s" : "";
            }
        }
        return "";
    }

    @Override
    public void end(Cluster cluster) {
        if (shifted != null) {
            shifted.shell("printf '+0' > /faketime/offset");
            shifted = null;
        }
    }
}
