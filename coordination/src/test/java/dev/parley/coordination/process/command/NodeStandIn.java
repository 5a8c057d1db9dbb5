package dev.parley.coordination.process.command;

import dev.parley.coordination.process.TestProcesses;
import dev.parley.store.kv.RestartPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

/** A node that does nothing but run one program: what its guard does without it is for the test to see. */
final class NodeStandIn {
    private NodeStandIn() {}

    /** Arguments: the guard's patience in milliseconds, the program. What the program says is said on. */
    public static void main(String[] arguments) throws InterruptedException {
        var programs = new Programs(Guarding.byThisProgram(
                Duration.ofMillis(Long.parseLong(arguments[0])),
                Map.of("PATH", System.getenv("PATH")),
                UUID::randomUUID));
        programs.start(
                Arrays.asList(arguments).subList(1, arguments.length),
                TestProcesses.assignment("a", "command", "{}", 7, RestartPolicy.PERMANENT),
                Map.of(),
                (stream, line) -> System.out.println(line));
        Thread.currentThread().join();
    }
}
