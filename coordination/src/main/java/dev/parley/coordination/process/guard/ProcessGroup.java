package dev.parley.coordination.process.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program and everything that came of it: its process group, and whatever left the group but still bears the mark of
 * the run in its environment. Needs Linux's {@code /proc}; without it only the group is reached. Any thread.
 */
public final class ProcessGroup {
    /** Environment variable that names one run of one instance, and nothing else. */
    public static final String MARK = "PARLEY_RUN";

    /** New children may come while the old ones are being ended. */
    private static final int ROUNDS_MAX = 50;

    private static final long ROUND_MILLIS = 20;
    private static final long SIGNAL_SECONDS = 5;

    private final long leader;
    private final String mark;

    /**
     * @param leader process id of the group's first process; 0: not known, only the mark counts
     * @param mark value of {@link #MARK}; empty: none
     */
    public ProcessGroup(long leader, String mark) {
        this.leader = leader;
        this.mark = mark;
    }

    /** SIGTERM to the group. */
    void terminate() {
        signal("TERM");
    }

    /** SIGKILL to the group and to everything marked, until nothing is left or a second has passed. */
    public void kill() {
        signal("KILL");
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<ProcessHandle> left = marked();
            if (left.isEmpty()) {
                return;
            }
            left.forEach(ProcessHandle::destroyForcibly);
            pause();
        }
    }

    /** A shell's built-in, because not every machine has kill as a program; its arguments are ours. */
    private void signal(String name) {
        if (leader <= 1) {
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -s \"$0\" -- \"-$1\" 2>/dev/null", name, Long.toString(leader))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS);
        } catch (IOException noShell) {
            ProcessHandle.of(leader).ifPresent(ProcessHandle::destroyForcibly);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything alive that bears the mark, this process excepted. */
    List<ProcessHandle> marked() {
        if (mark.isEmpty()) {
            return List.of();
        }
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self && process.isAlive() && bearsMark(process.pid()))
                .toList();
    }

    private boolean bearsMark(long pid) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
            String line = MARK + "=" + mark;
            return Arrays.asList(new String(environment, StandardCharsets.ISO_8859_1).split("\0"))
                    .contains(line);
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ROUND_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
