package dev.parley.consistency.soak;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.soak.Ledger.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes through every node without a pause, and takes down what it was told. Two kinds of keys: such that are written once and never again, each
 * attempt sent once; and such that are written until the acknowledgement comes, through one node after the other, under one {@code Idempotency-Key}.
 */
final class Writers implements AutoCloseable {
    private static final int PER_NODE = 2;
    private static final long REST_NANOS = 12_000_000;
    private static final long REST_AFTER_REFUSAL_NANOS = 60_000_000;

    /** Below this prefix lie the keys that are written once; the number of the round comes next. */
    static final String ONCE = "soak/once/";

    static final String COUNTED = "soak/counted/";

    private final List<NodeClient> nodes;
    private final Ledger ledger;
    private final int valueBytes;
    private final List<Thread> threads = new ArrayList<>();
    private volatile int round;
    private volatile boolean over;

    /** @param valueBytes about so large are values */
    Writers(List<NodeClient> nodes, Ledger ledger, int valueBytes, long seed) {
        this.nodes = List.copyOf(nodes);
        this.ledger = ledger;
        this.valueBytes = valueBytes;
        for (int i = 0; i < nodes.size() * PER_NODE; i++) {
            int writer = i;
            Random random = new Random(seed * 31 + writer);
            threads.add(Thread.ofVirtual().name("writer-" + writer).unstarted(() -> work(writer, random)));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** From now on keys are written below another prefix. */
    void round(int number) {
        round = number;
    }

    static String onceBelow(int round) {
        return ONCE + String.format("%03d/", round);
    }

    private void work(int writer, Random random) {
        NodeClient own = nodes.get(writer % nodes.size());
        long number = 0;
        long count = 0;
        while (!over) {
            boolean done;
            if (random.nextInt(4) > 0) {
                number++;
                done = once(onceBelow(round) + writer + "-" + number, own, random);
            } else {
                count++;
                done = counted(COUNTED + writer, count, own);
            }
            LockSupport.parkNanos(done ? REST_NANOS : REST_AFTER_REFUSAL_NANOS);
        }
    }

    private boolean once(String key, NodeClient node, Random random) {
        ledger.sending(key);
        Reply reply = node.send("PUT", NodeClient.key(key), Map.of(), value(key));
        switch (reply.effect()) {
            case DONE -> {
                long revision = reply instanceof Reply.Answer answer
                        ? Long.parseLong(answer.header("etag").orElse("\"-1\"").replace("\"", ""))
                        : -1;
                ledger.told(key, new Told.Acknowledged(revision));
                if (random.nextInt(4) == 0) {
                    readBack(key, nodes.get(random.nextInt(nodes.size())));
                }
                return true;
            }
            case NONE -> ledger.told(key, new Told.Refused());
            case UNKNOWN -> ledger.told(key, new Told.InDoubt());
        }
        return false;
    }

    String value(String key) {
        return key + "/".repeat(Math.max(0, valueBytes - key.length()));
    }

    /** Whether it can be a value that was written to the key, of whatever length. */
    static boolean isValueOf(String key, String value) {
        return value.startsWith(key) && value.chars().skip(key.length()).allMatch(unit -> unit == '/');
    }

    /** What was acknowledged is there for whoever reads next, through any node that answers. */
    private void readBack(String key, NodeClient node) {
        if (node.send("GET", NodeClient.key(key)) instanceof Reply.Answer answer) {
            if (answer.status() == 404) {
                ledger.accuse("Acknowledged key " + key + " was not there when read through " + node.name() + ".");
            } else if (answer.status() == 200 && !answer.text().equals(value(key))) {
                ledger.accuse("Key " + key + " read through " + node.name() + " had a value nobody wrote.");
            }
        }
    }

    /** @return whether it was acknowledged; if not, everything is over */
    private boolean counted(String key, long number, NodeClient first) {
        ledger.counting(key, number);
        String idempotency = key.replace('/', '-') + "-" + number;
        for (int attempt = 0; !over; attempt++) {
            NodeClient node = nodes.get((nodes.indexOf(first) + attempt) % nodes.size());
            Reply reply = node.send(
                    "PUT", NodeClient.key(key), Map.of("Idempotency-Key", idempotency), Long.toString(number));
            if (reply.effect() == Reply.Effect.DONE) {
                boolean replay = reply instanceof Reply.Answer answer
                        && answer.header("idempotent-replay").isPresent();
                ledger.counted(key, number, replay);
                return true;
            }
            if (reply instanceof Reply.Answer answer && answer.status() == 422) {
                ledger.accuse("A write repeated under its Idempotency-Key was taken for another one: " + key + " "
                        + number + ".");
            }
            LockSupport.parkNanos(REST_AFTER_REFUSAL_NANOS);
        }
        return false;
    }

    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
