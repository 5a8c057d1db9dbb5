package dev.parley.http.cli;

import dev.parley.http.node.Ambient;
import dev.parley.http.node.Node;
import dev.parley.http.node.NodeConfig;
import dev.parley.http.node.StartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node as the whole business of this process: it ends with a signal, or with the parent that holds the other end of
 * standard input, within 10 seconds either way.
 */
final class RunningNode {
    private static final Duration STOP_WITHIN = Duration.ofMillis(9_500);

    private final Node node;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger(ExitCode.OK);

    private RunningNode(Node node) {
        this.node = node;
    }

    /** @throws CommandFailure when it cannot start */
    static RunningNode start(NodeConfig config) {
        try {
            var running = new RunningNode(Node.open(config, Version.text(), Ambient.real()));
            Runtime.getRuntime().addShutdownHook(new Thread(running::stop, "stop"));
            return running;
        } catch (StartFailure failure) {
            throw new CommandFailure(ExitCode.FAILED, failure.getMessage());
        }
    }

    Node node() {
        return node;
    }

    /** As {@link Node#awaitReady}. @throws CommandFailure when the node never will be */
    boolean awaitReady(Duration patience) {
        try {
            return node.awaitReady(patience);
        } catch (StartFailure failure) {
            throw abandoned(new CommandFailure(ExitCode.FAILED, failure.getMessage()));
        }
    }

    /** Ends the process when {@code parent} ends, which it does when the parent dies in whatever way. */
    void endWith(InputStream parent) {
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            try {
                while (parent.read() >= 0) {
                    // Nothing is expected; only the end matters.
                }
            } catch (IOException gone) {
                // As good as the end.
            }
            System.exit(ExitCode.OK);
        });
    }

    /** The process ends with this failure, after an orderly stop. */
    CommandFailure abandoned(CommandFailure why) {
        exitCode.set(why.exitCode());
        return why;
    }

    /** Returns when the node was stopped. */
    void join() {
        try {
            stopped.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        Thread.ofPlatform().daemon().name("stop-watch").start(() -> {
            try {
                if (!stopped.await(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    Runtime.getRuntime().halt(ExitCode.INTERNAL);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        node.close();
        stopped.countDown();
        // Nothing is left to be done, and what is durable does not depend on a tidy end.
        Runtime.getRuntime().halt(exitCode.get());
    }
}
