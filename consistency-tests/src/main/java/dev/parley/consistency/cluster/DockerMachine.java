package dev.parley.consistency.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;

/** One container. */
final class DockerMachine implements Machine {
    private static final int STOP_SECONDS = 15;
    private static final int PAUSE_ATTEMPTS = 5;
    private static final int LOG_CHARACTERS = 64 << 10;

    private final String name;
    private final URI url;
    private final String address;
    private final Path disk;
    private final GenericContainer<?> container;

    DockerMachine(String name, URI url, String address, Path disk, GenericContainer<?> container) {
        this.name = name;
        this.url = url;
        this.address = address;
        this.disk = disk;
        this.container = container;
    }

    void create() {
        container.start();
    }

    /** May be called for a container that was never created. */
    void remove() {
        container.stop();
    }

    Path disk() {
        return disk;
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public URI url() {
        return url;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public State state() {
        InspectContainerResponse.ContainerState state =
                docker().inspectContainerCmd(container.getContainerId()).exec().getState();
        if (!Boolean.TRUE.equals(state.getRunning())) {
            return State.DOWN;
        }
        return Boolean.TRUE.equals(state.getPaused()) ? State.PAUSED : State.RUNNING;
    }

    @Override
    public void kill() {
        if (!killHere()) {
            attempt("kill", () -> docker().killContainerCmd(container.getContainerId())
                    .withSignal("KILL")
                    .exec());
        }
        awaitDown();
    }

    /** A busy engine takes a second for it, which is too late for what lasts milliseconds; this machine's kernel does it at once. */
    private boolean killHere() {
        String id = container.getContainerId();
        Long first = docker().inspectContainerCmd(id).exec().getState().getPidLong();
        if (first == null || first == 0) {
            return false;
        }
        try { // the engine may be on another machine, where the number means another process
            return Files.readString(Path.of("/proc", first.toString(), "cgroup"))
                            .contains(id)
                    && ProcessHandle.of(first)
                            .map(ProcessHandle::destroyForcibly)
                            .orElse(false);
        } catch (IOException notHere) {
            return false;
        }
    }

    @Override
    public void stop() {
        attempt("stop", () -> docker().stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_SECONDS)
                .exec());
        awaitDown();
    }

    private void awaitDown() {
        long end = System.nanoTime() + 20_000_000_000L;
        while (state() != State.DOWN) {
            if (System.nanoTime() - end > 0) {
                throw new ClusterException(name + " did not end");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void start() {
        attempt("start", () -> docker().startContainerCmd(container.getContainerId())
                .exec());
    }

    /** A busy kernel sometimes does not manage to freeze all threads, and gives up. */
    @Override
    public void pause() {
        for (int attempt = 1; ; attempt++) {
            try {
                attempt("pause", () -> docker().pauseContainerCmd(container.getContainerId())
                        .exec());
                return;
            } catch (ClusterException notFrozen) {
                if (attempt == PAUSE_ATTEMPTS) {
                    throw notFrozen;
                }
                LockSupport.parkNanos(100_000_000);
            }
        }
    }

    @Override
    public void resume() {
        attempt("resume", () -> docker().unpauseContainerCmd(container.getContainerId())
                .exec());
    }

    private void attempt(String what, Runnable deed) {
        try {
            deed.run();
        } catch (DockerException refused) {
            throw new ClusterException("could not " + what + " " + name + ": " + refused.getMessage(), refused);
        }
    }

    @Override
    public String log() {
        return printed() + "\n-- parley.log, the end of it --\n" + written();
    }

    private String printed() {
        try {
            String log = container.getLogs();
            return log.substring(Math.max(0, log.length() - LOG_CHARACTERS));
        } catch (RuntimeException none) {
            return "";
        }
    }

    private String written() {
        try {
            return onDisk("tail -c 262144 parley.log");
        } catch (ClusterException none) {
            return "";
        }
    }

    @Override
    public String shell(String script) {
        try {
            Container.ExecResult result = container.execInContainer(ExecConfig.builder()
                    .user("root")
                    .command(new String[] {"sh", "-c", script})
                    .build());
            if (result.getExitCode() != 0) {
                throw new ClusterException(
                        "on " + name + ", " + script + " failed: " + (result.getStdout() + result.getStderr()).strip());
            }
            return result.getStdout();
        } catch (IOException | IllegalStateException | DockerException refused) {
            throw new ClusterException("nothing can be run on " + name + ": " + refused.getMessage(), refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted on " + name, interrupted);
        }
    }

    @Override
    public boolean leadsZooKeeper() {
        if (state() != State.RUNNING) {
            return false;
        }
        try {
            String answer = shell(
                    "bash -c 'exec 3<>/dev/tcp/127.0.0.1/2181 && printf srvr >&3 && timeout 2 cat <&3' 2>/dev/null || true");
            return FourLetters.modeIn(answer).equals("leader");
        } catch (ClusterException gone) {
            return false;
        }
    }

    @Override
    public String onDisk(String script) {
        return Shell.run(List.of("sh", "-c", "cd '" + disk + "' || exit 1\n" + script));
    }
}
