package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.backup.Archive;
import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.SingleNode;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.table.TableConfig;
import dev.parley.store.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupResourceTest {
    @TempDir
    Path directory;

    private interface Hold {
        void call() throws InterruptedException;
    }

    private final List<LogIndex> asked = new CopyOnWriteArrayList<>();
    private volatile Hold hold = () -> {};
    private SingleNode node;
    private TableStore files;
    private TestServer server;

    @BeforeEach
    void start() {
        node = SingleNode.start();
        files = TableStore.open(
                directory.resolve("tables"),
                TableConfig.DEFAULT.withFlushLogEntries(1),
                Runnable::run,
                () -> new UUID(1, 2));
        files.map().putCell(Bytes.utf8("c"), Bytes.utf8("x"));
        files.publish(new Position(new LogIndex(900), 1, 700));
        files.maintain(0);
        files.maintain(0);
        server = TestServer.of(TestServer.listen(node.replica(), List.of(), Set.of(), (least, patience) -> {
            asked.add(least);
            await();
            return patience.isZero() ? Optional.empty() : Optional.of(files.checkpoint());
        }));
    }

    private void await() {
        try {
            hold.call();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @AfterEach
    void stop() {
        server.close();
        files.close();
        node.close();
    }

    @Test
    void theAnswerIsAnArchiveAndNamesItsRevision() throws IOException {
        HttpReply reply = server.get("/v1/backup");

        assertEquals(200, reply.status());
        assertEquals(Optional.of("application/octet-stream"), reply.header("Content-Type"));
        assertEquals(700, reply.revision());
        assertEquals(Optional.of("linearizable"), reply.header("Parley-Consistency"));
        Path archive = Files.write(directory.resolve("a"), reply.bytes());
        var contents = assertInstanceOf(Archive.Verdict.Sound.class, Archive.verify(archive))
                .contents();
        assertEquals("test", contents.cluster());
        assertEquals(700, contents.tables().position().revision());
    }

    @Test
    void itWaitsForWhatWasAcknowledgedBefore() {
        long before = node.replica().status().appliedIndex();
        server.put("/v1/kv/a", "1");
        server.get("/v1/backup");
        assertTrue(asked.getFirst().value() > before, asked + " is not above " + before);

        HttpReply late = server.get("/v1/backup?timeout=0s&consistency=stale");
        assertEquals(503, late.status());
        assertEquals("timed-out", late.problem());
        assertEquals(Optional.of("1"), late.header("Retry-After"));
    }

    @Test
    void whileOneIsUnderWayASecondIsRefusedAndAfterwardsNot() throws Exception {
        var mayGoOn = new CountDownLatch(1);
        var underWay = new CountDownLatch(1);
        hold = () -> {
            underWay.countDown();
            mayGoOn.await();
        };
        var first = CompletableFuture.supplyAsync(() -> server.get("/v1/backup"));
        underWay.await();

        HttpReply second = server.get("/v1/backup");
        assertEquals(503, second.status());
        assertEquals("queue-full", second.problem());
        assertEquals(200, server.get("/v1/kv?count_only=true").status());

        mayGoOn.countDown();
        assertEquals(200, first.join().status());
        assertEquals(200, server.send("HEAD", "/v1/backup", "").status());
        assertEquals(200, server.get("/v1/backup").status());
    }

    @Test
    void whatIsMalformedIsRefused() {
        assertEquals(400, server.get("/v1/backup?consistency=some").status());
        assertEquals("unknown-parameter", server.get("/v1/backup?prefix=a").problem());
        assertEquals(405, server.post("/v1/backup", "").status());
    }
}
