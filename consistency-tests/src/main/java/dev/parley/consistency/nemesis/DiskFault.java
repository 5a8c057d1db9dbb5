package dev.parley.consistency.nemesis;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.Ability;
import dev.parley.consistency.cluster.Cluster;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Machine;
import dev.parley.consistency.run.Script;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Fills, wipes or damages the disk of one node. After a wipe or damage the next one waits until every node is ready again: more than one at a time may lose
 * more than the cluster promises to bear.
 */
final class DiskFault implements Fault {
    /** What happens to the disk. */
    enum Deed {
        FULL,
        WIPE_TABLES,
        WIPE_ZOOKEEPER,
        FLIP_BYTE
    }

    private static final Duration FLUSHED = Duration.ofSeconds(15);
    private static final Duration HALTED = Duration.ofSeconds(3);

    private final Deed deed;
    private Optional<Machine> hit = Optional.empty();
    private String proof = "";

    DiskFault(Deed deed) {
        this.deed = deed;
    }

    @Override
    public Ability needs() {
        return deed == Deed.FULL ? Ability.SMALL_DISK : Ability.DISK;
    }

    @Override
    public String begin(Cluster cluster, Random random) {
        List<Machine> machines = cluster.machines();
        if (deed != Deed.FULL && !allReady(machines)) {
            throw new ClusterException("not every node is ready, and only one may lose data at a time");
        }
        Machine machine = machines.get(random.nextInt(machines.size()));
        hit = Optional.of(machine);
        if (deed == Deed.WIPE_TABLES || deed == Deed.FLIP_BYTE) {
            // A node that has just begun has nothing but its log.
            Script.await(() -> !machine.onDisk("find tables -name '*.table'").isBlank(), FLUSHED);
        }
        switch (deed) {
            case FULL -> {
                machine.onDisk("dd if=/dev/zero of=filler bs=1M 2>/dev/null; true");
                proof = machine.onDisk("df --output=avail -k . | tail -1").strip() + " KiB left";
            }
            case WIPE_TABLES -> proof = offline(machine, "find tables -type f | wc -l; rm -rf tables") + " files wiped";
            case WIPE_ZOOKEEPER ->
                proof = offline(machine, "find zookeeper -type f | wc -l; rm -rf zookeeper") + " files wiped";
            case FLIP_BYTE -> proof = offline(machine, flip(random)) + " has another byte";
        }
        return machine.name();
    }

    /** The data is changed while the node is down, and the node started again. */
    private static String offline(Machine machine, String script) {
        machine.kill();
        String output;
        try {
            output = machine.onDisk(script).strip();
        } finally {
            machine.start();
        }
        if (output.isEmpty() || output.equals("0")) {
            throw new ClusterException("there was nothing to damage in " + machine.name());
        }
        return output;
    }

    /** One byte somewhere in one of the files with tables. */
    private static String flip(Random random) {
        return "f=$(find tables -type f -size +1k | sort | awk '{a[NR]=$0} END{if (NR) print a[1 + "
                + random.nextInt(1000)
                + " % NR]}'); [ -n \"$f\" ] || exit 0; s=$(stat -c %s \"$f\"); at=$(( "
                + (1 + random.nextInt(1_000_000)) + " % s )); "
                + "old=$(dd if=\"$f\" bs=1 skip=$at count=1 2>/dev/null | od -An -tu1 | tr -d ' '); "
                + "printf \"\\\\$(printf '%03o' $(( (old + 1) % 256 )))\" | dd of=\"$f\" bs=1 seek=$at conv=notrunc 2>/dev/null; echo \"$f at $at\"";
    }

    private static boolean allReady(List<Machine> machines) {
        return machines.stream().allMatch(machine -> {
            try (NodeClient probe = new NodeClient(machine.name(), machine.url(), Duration.ofSeconds(2))) {
                return probe.send("GET", "/readyz") instanceof Reply.Answer answer && answer.status() == 200;
            }
        });
    }

    @Override
    public String evidence(Cluster cluster) {
        if (deed == Deed.FULL) {
            return proof.startsWith("0 ") || proof.matches("[0-9]{1,4} KiB left") ? proof : "";
        }
        return proof;
    }

    @Override
    public void end(Cluster cluster) {
        hit.ifPresent(machine -> {
            if (deed == Deed.FULL) {
                machine.onDisk("rm -f filler");
                // A node that met the full disk halts, and may have met it at the last moment.
                if (Script.await(() -> machine.state() == Machine.State.DOWN, HALTED)) {
                    machine.start();
                }
            } else {
                awaitReady(cluster.machines());
            }
        });
        hit = Optional.empty();
    }

    private static void awaitReady(List<Machine> machines) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() - end < 0 && !allReady(machines)) {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
        }
    }
}
