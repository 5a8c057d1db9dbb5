package dev.parley.consistency.cluster;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread of a process gets no processor for a while, as may happen on any crowded machine, while all others go on.
 * Done by the JVM's debugger interface, which the process must have been started with.
 */
public final class ThreadPause implements AutoCloseable {
    private static final int ATTEMPTS = 200;
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(1).toNanos();

    private final VirtualMachine machine;

    private ThreadPause(VirtualMachine machine) {
        this.machine = machine;
    }

    /** The option that lets threads of a JVM be paused. */
    public static String option(int port) {
        return "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + port;
    }

    /**
     * Pauses a thread while it waits for work from a queue, so that it holds nothing.
     *
     * @param name how the thread's name ends
     */
    public static ThreadPause begin(int port, String name) {
        VirtualMachine machine = attach(port);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (find(machine, name).map(ThreadPause::pausedIdle).orElse(false)) {
                    return new ThreadPause(machine);
                }
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
        } catch (RuntimeException gone) {
            machine.dispose();
            throw new ClusterException("the thread " + name + " could not be paused", gone);
        }
        machine.dispose();
        throw new ClusterException("the thread " + name + " was never idle");
    }

    private static VirtualMachine attach(int port) {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(known -> known.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(Integer.toString(port));
        try {
            return connector.attach(arguments);
        } catch (IOException | IllegalConnectorArgumentsException refused) {
            throw new ClusterException("no JVM can be paused at port " + port, refused);
        }
    }

    private static Optional<ThreadReference> find(VirtualMachine machine, String name) {
        return machine.allThreads().stream()
                .filter(thread -> thread.name().endsWith(name))
                .findFirst();
    }

    private static boolean pausedIdle(ThreadReference thread) {
        thread.suspend();
        try {
            List<StackFrame> frames = thread.frames();
            boolean idle = frames.stream()
                    .anyMatch(frame -> frame.location().method().name().equals("take"));
            if (!idle) {
                thread.resume();
            }
            return idle;
        } catch (IncompatibleThreadStateException ended) {
            return false;
        }
    }

    /** The thread goes on. */
    @Override
    public void close() {
        machine.dispose();
    }
}
