package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.api.SseClient.Message;
import dev.parley.store.replica.Replica.Reading;
import dev.parley.store.replica.Replica.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static long put(String key, String value) {
        return server.put("/v1/kv/" + key, value).revision();
    }

    @Test
    void aStreamBeginsWithABookmarkAndThenShowsEachChangeOfTheRange() {
        long before = put("w/one/other", "x");
        try (SseClient client = SseClient.open(server, "/v1/watch?prefix=w/one/a")) {
            assertTrue(client.head().contains("Content-Type: text/event-stream"), client.head()::toString);
            Message bookmark = client.next();
            assertEquals("bookmark", bookmark.name());
            assertTrue(bookmark.revision() >= before);
            assertEquals(Long.toString(bookmark.revision()), bookmark.id());

            long put = put("w/one/a1", "hello");
            put("w/one/other", "x");
            long deleted = server.delete("/v1/kv/w/one/a1").revision();

            Message first = client.next();
            assertEquals("", first.name());
            assertEquals(Long.toString(put), first.id());
            assertEquals(put, first.revision());
            JsonNode event = first.data().at("/events/0");
            assertEquals("put", event.get("type").asText());
            assertEquals("w/one/a1", event.get("key").asText());
            assertEquals("hello", event.get("value").asText());
            assertEquals(put, event.get("mod_revision").asLong());
            assertFalse(event.has("prev"));
            Message second = client.next();
            assertEquals(deleted, second.revision());
            assertEquals("delete", second.data().at("/events/0/type").asText());
        }
    }

    @Test
    void oneRevisionIsOneMessageWithAllItsEventsOfTheRange() {
        try (SseClient client = SseClient.open(server, "/v1/watch?start=w/txn/a&end=w/txn/c")) {
            client.next();
            server.post("/v1/txn", """
                    {"compare":[],"success":[{"put":{"key":"w/txn/b","value":"1"}},{"put":{"key":"w/txn/c","value":"2"}},
                    {"put":{"key":"w/txn/a","value":"3"}}],"failure":[]}""");
            JsonNode events = client.next().data().get("events");
            assertEquals(2, events.size());
            assertEquals("w/txn/b", events.at("/0/key").asText());
            assertEquals("w/txn/a", events.at("/1/key").asText());
        }
    }

    @Test
    void aReconnectGoesOnBehindTheLastMessageWhateverFromSays() {
        long first = put("w/again", "1");
        long second = put("w/again", "2");
        try (SseClient client = SseClient.open(server, "/v1/watch?key=w/again&from=" + first)) {
            assertEquals(first - 1, client.next().revision());
            assertEquals(first, client.next().revision());
        }
        try (SseClient client =
                SseClient.open(server, "/v1/watch?key=w/again&from=" + first, "Last-Event-ID: " + first)) {
            assertEquals(first, client.next().revision());
            assertEquals(second, client.next().revision());
        }
    }

    @Test
    void whatIsAheadIsWaitedFor() {
        long newest = put("w/ahead", "1");
        try (SseClient client = SseClient.open(server, "/v1/watch?key=w/ahead&from=" + (newest + 2))) {
            assertEquals(newest + 1, client.next().revision());
            put("w/ahead", "2");
            long expected = put("w/ahead", "3");
            assertEquals(expected, client.next().revision());
        }
    }

    @Test
    void whatTheKeyWasBeforeComesOnDemandAndValuesCanBeLeftOut() {
        put("w/prev", "old");
        try (SseClient whole = SseClient.open(server, "/v1/watch?key=w/prev&prev");
                SseClient keys = SseClient.open(server, "/v1/watch?key=w/prev&prev&keys_only")) {
            whole.next();
            keys.next();
            put("w/prev", "new");
            JsonNode event = whole.next().data().at("/events/0");
            assertEquals("new", event.get("value").asText());
            assertEquals("old", event.at("/prev/value").asText());
            JsonNode bare = keys.next().data().at("/events/0");
            assertFalse(bare.has("value"));
            assertFalse(bare.get("prev").has("value"));
            assertEquals(1, bare.at("/prev/version").asLong());
        }
    }

    @Test
    void aFilterShowsOneKindOnly() {
        try (SseClient puts = SseClient.open(server, "/v1/watch?key=w/kind&filter=put");
                SseClient deletes = SseClient.open(server, "/v1/watch?key=w/kind&filter=delete")) {
            puts.next();
            deletes.next();
            put("w/kind", "1");
            long deleted = server.delete("/v1/kv/w/kind").revision();
            long again = put("w/kind", "2");
            puts.next();
            assertEquals(again, puts.next().revision());
            assertEquals(deleted, deletes.next().revision());
        }
    }

    @Test
    void aSnapshotComesFirstInSeveralMessagesWhenItIsLargeAndTheStreamGoesOnBehindIt() {
        for (int i = 0; i < 8; i++) {
            put("w/initial/" + i, "x".repeat(40_000));
        }
        List<String> keys = new ArrayList<>();
        try (SseClient client = SseClient.open(server, "/v1/watch?prefix=w/initial/&initial=true")) {
            Message message = client.next();
            int messages = 0;
            for (; message.name().equals("snapshot"); message = client.next()) {
                assertEquals("", message.id());
                message.data()
                        .get("items")
                        .forEach(item -> keys.add(item.get("key").asText()));
                messages++;
            }
            assertTrue(messages > 1);
            assertEquals("bookmark", message.name());
            long next = put("w/initial/9", "y");
            assertEquals(next, client.next().revision());
        }
        assertEquals(8, keys.size());
        assertEquals(keys.stream().sorted().distinct().toList(), keys);
        try (SseClient client = SseClient.open(server, "/v1/watch?prefix=w/nothing/&initial=true")) {
            assertEquals(0, client.next().data().get("items").size());
            assertEquals("bookmark", client.next().name());
        }
    }

    /** Requirement J3: the writer does not wait for those who watch. */
    @Test
    void aReaderThatDoesNotReadDelaysNobody() {
        try (SseClient slow = SseClient.open(server, "/v1/watch?prefix=w/slow/");
                SseClient quick = SseClient.open(server, "/v1/watch?prefix=w/slow/&keys_only")) {
            List<Long> written = new ArrayList<>();
            slow.next();
            quick.next();
            String large = "x".repeat(900_000);
            for (int i = 0; i < 20; i++) {
                written.add(put("w/slow/" + i, large));
                assertEquals(written.getLast(), quick.next().revision());
            }
            List<Long> read = new ArrayList<>();
            written.forEach(revision -> read.add(slow.next().revision()));
            assertEquals(written, read);
        }
    }

    @Test
    void whoIsGoneIsNotListedAnyMore() throws Exception {
        try (SseClient client = SseClient.open(server, "/v1/watch?key=w/listed&from=1")) {
            client.next();
            JsonNode mine = listed("w/listed").orElseThrow();
            assertEquals("sse", mine.get("kind").asText());
            assertTrue(mine.get("since").asText().endsWith("Z"));
            assertTrue(mine.has("lag_revisions"));
            assertTrue(mine.has("delivered_revision"));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (listed("w/listed").isPresent()) {
            assertTrue(System.nanoTime() < deadline, "still listed");
            put("w/listed", "to be written to nobody");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static java.util.Optional<JsonNode> listed(String key) {
        JsonNode list = server.get("/v1/watches").json();
        assertEquals(list.get("count").asInt(), list.get("items").size());
        for (JsonNode item : list.get("items")) {
            if (item.at("/range/key").asText().equals(key)) {
                return java.util.Optional.of(item);
            }
        }
        return java.util.Optional.empty();
    }

    @Test
    void aStopIsSaidAndEndsTheStream() {
        try (TestServer stopping = TestServer.start();
                SseClient client = SseClient.open(stopping, "/v1/watch?key=a")) {
            client.next();
            stopping.http().stopServing();
            assertEquals("closing", client.next().name());
            assertTrue(client.isAtEnd());
        }
    }

    // -- long polls -----------------------------------------------------------------------------------------------

    private static JsonNode poll(String query) {
        HttpReply reply = server.get("/v1/watch?" + query, "Accept: application/json");
        assertEquals(200, reply.status(), reply::toString);
        return reply.json();
    }

    @Test
    void longPollsGoFromRevisionToRevision() throws Exception {
        long first = put("w/poll", "1");
        put("w/poll/other", "x");
        long second = put("w/poll", "2");
        JsonNode one = poll("key=w/poll&from=" + first);
        assertEquals(first, one.get("revision").asLong());
        assertEquals("1", one.at("/events/0/value").asText());
        JsonNode two = poll("key=w/poll&from=" + one.get("next").asLong());
        assertEquals(second, two.get("revision").asLong());
        CompletableFuture<JsonNode> third = CompletableFuture.supplyAsync(
                () -> poll("key=w/poll&from=" + two.get("next").asLong()));
        long revision = put("w/poll", "3");
        assertEquals(revision, third.get(10, TimeUnit.SECONDS).get("revision").asLong());
    }

    @Test
    void aLongPollWithoutAChangeEndsEmptyAndMissesNothing() {
        put("w/calm/other", "x");
        JsonNode empty = poll("key=w/calm&wait=50ms");
        assertEquals(0, empty.get("events").size());
        assertEquals(empty.get("revision").asLong() + 1, empty.get("next").asLong());
        long revision = put("w/calm", "1");
        assertEquals(
                revision,
                poll("key=w/calm&from=" + empty.get("next").asLong())
                        .get("revision")
                        .asLong());
    }

    // -- refusals -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "from=1",
                "key=a&prefix=b",
                "key=a&start=b",
                "prefix=a&end=b",
                "key=",
                "key=a&from=x",
                "key=a&from=-1",
                "key=a&filter=all",
                "key=a&from=1&initial=true",
                "key=a&wait=1s",
                "key=a&form=1"
            })
    void whatIsMalformedIsRefusedBeforeTheStream(String query) {
        assertEquals(400, server.get("/v1/watch?" + query).status());
    }

    @Test
    void aMalformedLastEventIdIsRefused() {
        HttpReply reply = server.get("/v1/watch?key=a", "Last-Event-ID: abc");
        assertEquals(400, reply.status());
        assertEquals("Last-Event-ID", reply.json().get("field").asText());
    }

    @Test
    void whatWasCompactedIsGoneBeforeTheStreamStarts() {
        FixedReplica replica =
                new FixedReplica(any -> new Result.Unknown(), new Reading.Ready(FixedView.ofPuts("k", 9, 5), 0));
        try (ParleyHttp http = TestServer.listen(replica, List.of(), Set.of());
                TestServer compacted = TestServer.of(http)) {
            for (String from : List.of("from=4", "from=4&wait=1s")) {
                HttpReply gone = compacted.get(
                        "/v1/watch?key=k&" + from, from.contains("wait") ? "Accept: application/json" : "X: y");
                assertEquals(410, gone.status(), gone::toString);
                assertEquals(5, gone.json().get("compacted_revision").asLong());
                assertEquals("from", gone.json().get("field").asText());
            }
            assertEquals(
                    410, compacted.get("/v1/watch?key=k", "Last-Event-ID: 3").status());
            try (SseClient client = SseClient.open(compacted, "/v1/watch?key=k", "Last-Event-ID: 4")) {
                assertEquals("bookmark", client.next().name());
                assertEquals(5, client.next().revision());
            }
        }
    }
}
