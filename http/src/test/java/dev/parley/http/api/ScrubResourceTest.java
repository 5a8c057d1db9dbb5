package dev.parley.http.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Members;
import dev.parley.store.kv.Submission;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.SingleNode;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import dev.parley.store.table.Checkpoint;
import dev.parley.store.table.TableConfig;
import dev.parley.store.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScrubResourceTest {
    @TempDir
    Path directory;

    private final List<String> given = new CopyOnWriteArrayList<>();
    private SingleNode node;
    private TableStore files;
    private TestServer server;

    @BeforeEach
    void start() {
        node = SingleNode.start();
        files = TableStore.open(
                directory, TableConfig.DEFAULT.withFlushLogEntries(1), Runnable::run, () -> new UUID(1, 2));
        files.map().putCell(Bytes.utf8("c"), Bytes.utf8("x"));
        files.publish(new Position(new LogIndex(900), 1, 700));
        files.maintain(0);
        files.maintain(0);
        server = TestServer.of(TestServer.listen(node.replica(), List.of(), Set.of(), new Checkpoints() {
            @Override
            public Optional<Checkpoint> durable(LogIndex least, Duration patience) {
                return Optional.of(files.checkpoint());
            }

            @Override
            public void giveUp(String why) {
                given.add(why);
            }
        }));
    }

    @AfterEach
    void stop() {
        server.close();
        files.close();
        node.close();
    }

    private JsonNode scrub() {
        HttpReply started = server.post("/v1/scrub", "");
        assertEquals(202, started.status(), started::toString);
        JsonNode run = started.json();
        while (run.get("running").asBoolean()) {
            LockSupport.parkNanos(1_000_000);
            run = server.get("/v1/scrub").json();
        }
        return run;
    }

    @Test
    void beforeTheFirstRunThereIsNothingToSay() {
        JsonNode run = server.get("/v1/scrub").json();
        assertFalse(run.get("running").asBoolean());
        assertEquals(0, run.get("files").asInt());
        assertTrue(run.get("digest").isNull());
    }

    @Test
    void aSoundNodeHasNoDamageAndItsStateIsTheOneOfTheDigest() {
        server.put("/v1/kv/a", "1");
        server.put("/v1/kv/b", "2");
        JsonNode run = scrub();
        assertEquals(2, run.get("files").asInt(), run::toString);
        assertTrue(run.get("bytes").asLong() > 64 << 10, run::toString);
        assertEquals(0, run.get("damaged").size());
        assertEquals("matches", run.get("digest").asText());
    }

    private void damage() throws IOException {
        Path table = directory.resolve("1.table");
        byte[] content = Files.readAllBytes(table);
        content[5_000] ^= 1;
        Files.write(table, content);
    }

    @Test
    void damageIsNamedWithItsFileAndPage() throws IOException {
        damage();
        JsonNode damaged = scrub().get("damaged");
        assertEquals(1, damaged.size(), damaged::toString);
        assertEquals("1.table", damaged.at("/0/file").asText());
        assertEquals(0, damaged.at("/0/page").asInt(-1));
        assertFalse(damaged.at("/0/repaired").asBoolean(true));
    }

    @Test
    void whatIsDamagedIsGivenUpWhereThereIsAnotherNodeToGetItFrom() throws IOException {
        damage();
        scrub();
        assertEquals(List.of(), given, "alone, the node keeps what it has");
        Command another = new Command.RegisterMember("n2", new UUID(2, 2), "http://n2", 1);
        node.replica().submit(Submission.of(another), Duration.ofSeconds(10));
        await().until(() -> membersShown() == 2); // what a view shows comes a little after the answer
        scrub();
        assertEquals(List.of("a scrub found 1.table: the page's checksum does not fit"), given);
    }

    private int membersShown() {
        try (StateView view = node.replica().view().orElseThrow()) {
            return Members.all(view).size();
        }
    }

    @Test
    void itTakesNoParameters() {
        assertEquals(400, server.post("/v1/scrub?now", "").status());
        assertEquals(400, server.get("/v1/scrub?now").status());
    }
}
