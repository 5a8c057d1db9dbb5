package dev.parley.coordination.process.command;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Kind.LogSink;
import dev.parley.coordination.process.Kind.StartFault;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.guard.Guard;
import dev.parley.coordination.process.guard.ProcessGroup;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The programs that run on this node, each under its guard, and the heartbeat that keeps the guards calm. When this object
 * closes, or the node dies or stands still, the guards kill them all. Any thread.
 */
public final class Programs implements AutoCloseable {
    private final Guarding guarding;
    private final Set<GuardedProgram> running = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("process-heart").factory());

    public Programs(Guarding guarding) {
        this.guarding = guarding;
        long everyMillis = guarding.beatEvery().toMillis();
        heart.scheduleAtFixedRate(this::beat, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        running.forEach(program -> program.tell(Guard.HEARTBEAT));
    }

    /**
     * Starts a program for an instance; throws {@link StartFault} when there is no guard to be had.
     *
     * @param line the program and its arguments
     * @param more environment variables
     */
    public RunningProcess start(List<String> line, Assignment assignment, Map<String, String> more, LogSink output) {
        String mark = guarding.ids().get().toString();
        ProcessBuilder guard = new ProcessBuilder(guarding.line(line)).redirectErrorStream(true);
        Map<String, String> environment = guard.environment();
        environment.clear();
        environment.putAll(guarding.environment());
        environment.putAll(more);
        environment.put("PARLEY_PROCESS", assignment.name());
        environment.put("PARLEY_TOKEN", Long.toString(assignment.token()));
        environment.put("PARLEY_NODE", assignment.node());
        environment.put(ProcessGroup.MARK, mark);
        try {
            var program = new GuardedProgram(guard.start(), new ProcessGroup(0, mark), output);
            running.add(program);
            program.exit().whenComplete((exit, failure) -> running.remove(program));
            program.begin();
            return program;
        } catch (IOException failure) {
            throw new StartFault("no guard can be started: " + failure.getMessage(), failure);
        }
    }

    /** Kills what runs. May be called twice. */
    @Override
    public void close() {
        running.forEach(GuardedProgram::kill);
        heart.shutdownNow();
    }
}
