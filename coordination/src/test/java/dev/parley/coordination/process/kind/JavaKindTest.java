package dev.parley.coordination.process.kind;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.Kind.Fault;
import dev.parley.coordination.process.Kind.StartFault;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.TestProcesses;
import dev.parley.store.kv.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** C13, C19: work in Java is supervised, and what it throws goes no further. */
class JavaKindTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static Kind kind(Function<ProcessFactory.Instance, ProcessFactory.Work> make) {
        return InstalledKinds.of(new ProcessFactory() {
            @Override
            public String kind() {
                return "test";
            }

            @Override
            public List<Fault> faults(String argumentsJson) {
                throw new IllegalStateException("broken check");
            }

            @Override
            public Work create(Instance instance) {
                return make.apply(instance);
            }
        });
    }

    private static RunningProcess start(Function<ProcessFactory.Instance, ProcessFactory.Work> make) {
        return kind(make)
                .start(
                        TestProcesses.assignment("a", "test", "{}", 7, RestartPolicy.PERMANENT),
                        TestProcesses.NO_EFFECTS,
                        (stream, text) -> {});
    }

    private static Exit exit(RunningProcess process) {
        return process.exit()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void returningIsAGoodEnd() {
        assertEquals(new Exit.Finished(), exit(start(instance -> () -> {})));
    }

    @Test
    void whateverIsThrownIsAFailureAndNothingElse() {
        assertEquals(new Exit.Failed("java.lang.StackOverflowError: deep"), exit(start(instance -> () -> {
            throw new StackOverflowError("deep");
        })));
    }

    @Test
    void whatCannotBeMadeDoesNotStart() {
        assertThrows(
                StartFault.class,
                () -> start(instance -> {
                    throw new IllegalArgumentException("no");
                }));
    }

    @Test
    void aCheckThatBreaksIsAFault() {
        assertEquals(1, kind(instance -> () -> {}).faults("{}").size());
    }

    @Test
    void aStopIsSaidAndTheStateTaken() {
        RunningProcess process = start(instance -> new ProcessFactory.Work() {
            @Override
            public void run() {
                assertTrue(instance.pause(LONG));
            }

            @Override
            public Optional<byte[]> handOver() {
                return Optional.of(new byte[] {9});
            }
        });
        assertArrayEquals(new byte[] {9}, process.stop(LONG).orElseThrow());
        assertEquals(new Exit.Finished(), exit(process));
    }

    @Test
    void whatDoesNotListenIsInterruptedBeforeTheTimeIsOver() {
        CountDownLatch never = new CountDownLatch(1);
        RunningProcess process = start(instance -> () -> {
            try {
                never.await();
            } catch (InterruptedException toldToEnd) {
                throw new IllegalStateException(toldToEnd);
            }
        });
        process.stop(Duration.ofMillis(50));
        exit(process);
    }

    @Test
    void whatHeedsNothingIsStillThereAfterTheStopAndSaysSo() {
        CountDownLatch released = new CountDownLatch(1);
        RunningProcess process = start(instance -> () -> {
            while (released.getCount() > 0) {
                Thread.interrupted();
                Thread.onSpinWait();
            }
        });
        assertEquals(Optional.empty(), process.stop(Duration.ofMillis(20)));
        process.kill();
        assertFalse(process.exit().toCompletableFuture().isDone());
        released.countDown();
        exit(process);
    }

    @Test
    void whatServiceLoaderFindsIsAKindAndNamesAreUnique() {
        InstalledKinds kinds = InstalledKinds.with(List.of());
        assertTrue(kinds.names().contains("heartbeat"), () -> kinds.names().toString());
        assertEquals("heartbeat", kinds.named("heartbeat").orElseThrow().name());
        assertEquals(Optional.empty(), kinds.named("other"));
        assertThrows(
                IllegalStateException.class, () -> InstalledKinds.with(List.of(InstalledKinds.of(new Heartbeat()))));
    }
}
