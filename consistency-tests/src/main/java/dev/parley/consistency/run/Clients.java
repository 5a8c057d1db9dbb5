package dev.parley.consistency.run;

import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.workload.Call;
import dev.parley.consistency.workload.Completion;
import dev.parley.consistency.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The clients of a run. Each sticks to one node and has one operation at a time; a client that does not know what became of an operation goes on as a new process. */
final class Clients {
    private static final long REST_AFTER_REFUSAL_NANOS = 50_000_000;

    private final Workload workload;
    private final List<NodeClient> nodes;
    private final Recorder recorder;
    private final Plan plan;
    private final AtomicLong processes = new AtomicLong();
    private final AtomicLong begun = new AtomicLong();

    Clients(Workload workload, List<NodeClient> nodes, Recorder recorder, Plan plan) {
        this.workload = workload;
        this.nodes = nodes;
        this.recorder = recorder;
        this.plan = plan;
    }

    /**
     * Works until the time is over, or enough was done, and every operation has ended.
     *
     * @param owing whether something has not happened yet that the run is for; then the work goes on, for as long again at most
     */
    void work(BooleanSupplier owing) throws InterruptedException {
        long end = System.nanoTime() + plan.time().toNanos();
        long last = end + plan.time().toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int c = 0; c < plan.clients(); c++) {
            int client = c;
            threads.add(Thread.ofVirtual()
                    .name("client-" + c)
                    .start(() -> work(
                            client,
                            () -> System.nanoTime() - end < 0
                                    || owing.getAsBoolean() && System.nanoTime() - last < 0)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void work(int client, BooleanSupplier goesOn) {
        Random random = new Random(plan.seed() * 1_000_003 + client);
        NodeClient node = nodes.get(client % nodes.size());
        long intervalNanos = 1_000_000_000L * plan.clients() / plan.rate();
        long process = processes.getAndIncrement();
        while (goesOn.getAsBoolean() && begun.incrementAndGet() <= plan.operationsMax()) {
            long begunNanos = System.nanoTime();
            Completion completion = perform(process, workload.next(client, random), node);
            if (completion.type() == Type.INFO) {
                process = processes.getAndIncrement();
            }
            long rest = (long) (intervalNanos * (0.5 + random.nextDouble())) - (System.nanoTime() - begunNanos);
            LockSupport.parkNanos(completion.type() == Type.OK ? rest : Math.max(rest, REST_AFTER_REFUSAL_NANOS));
        }
    }

    /**
     * The workload's last reads, and whatever it needs to see, through every node. A read that fails is tried again: by now nothing should be wrong. A node that
     * refused one of them to the end is asked for each of the others once.
     */
    void lastReads(int attempts) {
        for (NodeClient node : nodes) {
            int left = attempts;
            for (Call call : workload.lastReads()) {
                left = lastRead(call, node, left) ? left : 1;
            }
        }
    }

    private boolean lastRead(Call call, NodeClient node, int attempts) {
        for (int attempt = 1; attempt <= attempts; attempt++) {
            if (perform(processes.getAndIncrement(), call, node).type() == Type.OK) {
                return true;
            }
            if (attempt < attempts) {
                LockSupport.parkNanos(500_000_000);
            }
        }
        return false;
    }

    private Completion perform(long process, Call call, NodeClient node) {
        String name = Long.toString(process);
        Map<String, Json> where = Map.of("node", Json.of(node.name()));
        recorder.record(name, Type.INVOKE, call.f(), call.key(), call.value(), where);
        Completion completion = call.perform().apply(node).with("node", Json.of(node.name()));
        recorder.record(name, completion.type(), call.f(), call.key(), completion.value(), completion.fields());
        return completion;
    }

    /** Records something that is no operation. */
    static void note(Recorder recorder, String f, Json value, Map<String, Json> more) {
        recorder.record(Event.NEMESIS, Type.INFO, f, "", value, more);
    }
}
