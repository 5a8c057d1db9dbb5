package dev.parley.store.replica.sim;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.EntryCodec;
import dev.parley.store.kv.LogEntry;
import dev.parley.store.kv.Submission;
import dev.parley.store.log.FakeLog;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** What befalls the nodes: broken connections, ended sessions, crashes, sealed and trimmed segments, lost tables, changes of
 * the leader. */
final class Faults {
    private static final long MILLI = 1_000_000;

    private final VirtualTime time;
    private final FakeLog log;
    private final List<SimNode> nodes;
    private final SplittableRandom random;
    private final long pauseNanosMax;
    private boolean healed;
    private long administrator;
    private long administered;

    Faults(VirtualTime time, FakeLog log, List<SimNode> nodes, SplittableRandom random) {
        this.time = time;
        this.log = log;
        this.nodes = nodes;
        this.random = random;
        this.pauseNanosMax = MILLI * random.nextInt(10, 400);
    }

    void begin() {
        elect();
        next();
    }

    private void next() {
        time.after(random.nextLong(pauseNanosMax), "fault", () -> {
            if (!healed) {
                strike(nodes.get(random.nextInt(random.nextInt(nodes.size()) + 1)));
                next();
            }
        });
    }

    private void strike(SimNode node) {
        switch (random.nextInt(18)) {
            case 0, 1, 2, 3, 4 -> cut(node, MILLI * random.nextInt(1, 300));
            case 5 -> cut(node, MILLI * random.nextInt(300, 3_000));
            case 6 -> {
                time.note(() -> node.name() + " loses its session");
                node.expire();
                time.after(MILLI * random.nextInt(1, 500), "reconnect", node::reconnect);
            }
            case 7, 8 -> crash(node);
            case 9 -> {
                time.note(() -> "roll");
                log.roll();
            }
            case 10 -> {
                time.note(() -> node.name() + " is removed from the members");
                administer(new Command.RemoveMember(node.name()));
            }
            case 11 -> {
                // As a copy of an open that was lost long ago and is stored after all.
                time.note(() -> node.name() + "'s writer is closed by another open");
                log.store(EntryCodec.encode(new LogEntry.Open(nonce(), node.name())));
            }
            case 12, 13, 14 -> trim();
            case 15 -> wipe(node);
            default -> elect();
        }
    }

    private UUID nonce() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** Has somebody outside of the simulated nodes agree on a command. */
    private void administer(Command.SystemCommand command) {
        if (administrator == 0) {
            administrator = log.store(EntryCodec.encode(new LogEntry.Open(nonce(), "administrator")));
        }
        administered++;
        Bytes submission = EntryCodec.encodeSubmission(Submission.of(command));
        log.store(EntryCodec.encodeBatch(administrator, administered, 0, List.of(submission)));
    }

    private void cut(SimNode node, long forNanos) {
        time.note(() -> node.name() + " is cut off");
        node.disconnect();
        time.after(forNanos, "reconnect", node::reconnect);
    }

    private void crash(SimNode node) {
        if (node.isUp()) {
            time.note(() -> node.name() + " crashes");
            node.crash();
            time.after(MILLI * random.nextInt(1, 1_500), "restart", () -> {
                if (!node.isUp()) {
                    node.start();
                }
            });
        }
    }

    /** Up to what two hold, so that the others can only install what one of these has. */
    private void trim() {
        List<Long> durable = nodes.stream().map(SimNode::durable).sorted().toList();
        long upTo = durable.get(nodes.size() - 2) - 1;
        if (upTo > log.trimmedUpTo()) {
            time.note(() -> "trimmed up to " + upTo);
            log.trim(upTo);
        }
    }

    /** One node at a time: somebody must have what the log has not. */
    private void wipe(SimNode node) {
        boolean copied = nodes.stream().anyMatch(other -> other != node && other.durable() > log.trimmedUpTo());
        if (node.isUp() && (copied || log.trimmedUpTo() == 0)) {
            time.note(() -> node.name() + " loses its tables");
            crash(node);
            node.wipe();
        }
    }

    /** Now and then two nodes believe in their election, as a latch allows for a while. */
    private void elect() {
        int first = random.nextInt(nodes.size());
        int second = random.nextInt(4) == 0 ? random.nextInt(nodes.size()) : first;
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).campaign(i == first || i == second);
        }
    }

    void heal() {
        healed = true;
        for (SimNode node : nodes) {
            if (!node.isUp()) {
                node.start();
            }
            node.reconnect();
        }
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).campaign(i == 0);
        }
    }
}
