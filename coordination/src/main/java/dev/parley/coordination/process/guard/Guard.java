package dev.parley.coordination.process.guard;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Runs one program for a node and ends it, with everything it started, when the node cannot any more. A process of its
 * own, in a session of its own: it lives on when the node is killed or stands still. Depends on nothing but the JDK, so
 * that 16 MB of heap are plenty.
 *
 * <p>Arguments: the time in milliseconds that the node's heartbeat may stay away, then the program and its arguments. The
 * program's output is the guard's, its exit code too. On standard input the node writes single bytes:
 *
 * <pre>
 *   .  heartbeat          s  ask the program's process group to end (SIGTERM)
 *   k  kill the group     end of input: the node is gone, kill the group
 * </pre>
 */
public final class Guard {
    /** What the node writes. */
    public static final int HEARTBEAT = '.';

    public static final int STOP = 's';
    public static final int KILL = 'k';

    /** The program could not be started. */
    public static final int NOT_STARTED = 127;

    /** The node's heartbeat stayed away or its pipe closed, and the program was killed for it. */
    public static final int ABANDONED = 113;

    private static final int CLOSED = -1;
    private static final int EXITED = -2;
    private static final int WAITING_MAX = 64;

    private final Duration patience;
    private final Process program;
    private final ProcessGroup group;
    private final BlockingQueue<Integer> heard = new ArrayBlockingQueue<>(WAITING_MAX);

    private Guard(Duration patience, Process program, ProcessGroup group) {
        this.patience = patience;
        this.program = program;
        this.group = group;
    }

    public static void main(String[] arguments) {
        Duration patience = Duration.ofMillis(Long.parseLong(arguments[0]));
        List<String> command = Arrays.asList(arguments).subList(1, arguments.length);
        System.exit(run(patience, command, System.in));
    }

    /** Ends without the JVM's exit hooks in the way: the exit code is all that is left to say. */
    private static int run(Duration patience, List<String> command, InputStream node) {
        List<String> inItsOwnSession = new ArrayList<>(List.of("setsid"));
        inItsOwnSession.addAll(command);
        Process program;
        try {
            program = new ProcessBuilder(inItsOwnSession)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException notThere) {
            System.err.println("parley-guard: " + notThere.getMessage());
            return NOT_STARTED;
        }
        var mark = System.getenv(ProcessGroup.MARK);
        var guard = new Guard(patience, program, new ProcessGroup(program.pid(), mark == null ? "" : mark));
        return guard.watch(node);
    }

    private int watch(InputStream node) {
        daemon("node", () -> listen(node));
        daemon("program", () -> {
            program.onExit().join();
            tell(EXITED);
        });
        boolean abandoned = false;
        while (true) {
            // A wait that is measured from the last byte: the clock of the heartbeat.
            int next = await();
            switch (next) {
                case HEARTBEAT -> {}
                case STOP -> group.terminate();
                case KILL -> group.kill();
                case EXITED -> {
                    // What it left behind is part of it.
                    group.kill();
                    return abandoned ? ABANDONED : program.exitValue();
                }
                default -> {
                    abandoned = true;
                    group.kill();
                }
            }
        }
    }

    /** {@link #CLOSED} also when nothing came in time. */
    private int await() {
        try {
            Integer next = heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            return next == null ? CLOSED : next;
        } catch (InterruptedException nobodyDoesThat) {
            return CLOSED;
        }
    }

    private void listen(InputStream node) {
        try {
            for (int next = node.read(); next >= 0; next = node.read()) {
                tell(next);
            }
        } catch (IOException broken) {
            // As good as closed.
        }
        tell(CLOSED);
    }

    private void tell(int what) {
        try {
            heard.put(what);
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
