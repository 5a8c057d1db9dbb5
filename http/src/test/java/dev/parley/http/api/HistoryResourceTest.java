package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.store.replica.Replica.Reading;
import dev.parley.store.replica.Replica.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode history(TestServer of, String target) {
        HttpReply reply = of.get("/v1/history/" + target);
        assertEquals(200, reply.status(), reply::toString);
        return reply.json();
    }

    @Test
    void everyVersionOfAKeyIsThereNewestFirst() {
        long first = server.put("/v1/kv/h/all", "one", "Content-Type: text/plain", "Parley-Author: ann")
                .revision();
        server.put("/v1/kv/h/other", "x");
        long second = server.put("/v1/kv/h/all", "two").revision();
        long deleted = server.delete("/v1/kv/h/all").revision();
        long again = server.put("/v1/kv/h/all", "three").revision();

        JsonNode history = history(server, "h/all");
        assertEquals("h/all", history.get("key").asText());
        assertFalse(history.get("more").asBoolean());
        assertTrue(history.get("next").isNull());
        JsonNode items = history.get("items");
        assertEquals(4, items.size());
        assertEquals(again, items.at("/0/revision").asLong());
        assertEquals(1, items.at("/0/version").asLong());
        assertEquals(again, items.at("/0/create_revision").asLong());
        assertEquals("delete", items.at("/1/type").asText());
        assertEquals(deleted, items.at("/1/revision").asLong());
        assertFalse(items.get(1).has("value"));
        assertEquals(second, items.at("/2/revision").asLong());
        assertEquals(2, items.at("/2/version").asLong());
        JsonNode oldest = items.get(3);
        assertEquals(first, oldest.get("revision").asLong());
        assertEquals("put", oldest.get("type").asText());
        assertEquals("one", oldest.get("value").asText());
        assertEquals("text/plain", oldest.get("content_type").asText());
        assertEquals("ann", oldest.get("author").asText());
        assertEquals("n1", oldest.get("node").asText());
        assertTrue(
                oldest.get("at").asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"),
                oldest::toString);
        assertFalse(items.get(2).has("author"));
    }

    @Test
    void pagesJoinWithoutGapOrDuplicate() {
        List<Long> written = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            written.addFirst(server.put("/v1/kv/h/pages", "v" + i).revision());
        }
        List<Long> read = new ArrayList<>();
        String next = "";
        for (boolean more = true; more; ) {
            JsonNode page = history(server, "h/pages?limit=3" + next);
            page.get("items").forEach(item -> read.add(item.get("revision").asLong()));
            more = page.get("more").asBoolean();
            next = "&before=" + page.get("next").asText();
        }
        assertEquals(written, read);
    }

    @Test
    void aKeyThatNeverWasHasNoItems() {
        HttpReply reply = server.get("/v1/history/h/never");
        assertEquals(200, reply.status());
        assertEquals(0, reply.json().get("items").size());
        assertEquals(reply.revision(), reply.json().get("revision").asLong());
    }

    @Test
    void valuesCanBeLeftOutOrForcedIntoBase64() {
        server.put("/v1/kv/h/form", "one");
        assertFalse(history(server, "h/form?keys_only").at("/items/0").has("value"));
        assertEquals(
                "b25l",
                history(server, "h/form?base64=true")
                        .at("/items/0/value_base64")
                        .asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"h?limit=0", "h?limit=1001", "h?before=0", "h?before=x", "h?revision=1", "%00", ""})
    void whatIsMalformedIsRefused(String target) {
        assertEquals(400, server.get("/v1/history/" + target).status());
    }

    @Test
    void theHistoryEndsAtTheCompactionRevisionAndBelowItIsGone() {
        FixedReplica replica =
                new FixedReplica(any -> new Result.Unknown(), new Reading.Ready(FixedView.ofPuts("k", 9, 5), 0));
        try (ParleyHttp http = TestServer.listen(replica, List.of(), Set.of());
                TestServer compacted = TestServer.of(http)) {
            List<Long> revisions = new ArrayList<>();
            history(compacted, "k")
                    .get("items")
                    .forEach(item -> revisions.add(item.get("revision").asLong()));
            assertEquals(List.of(9L, 8L, 7L, 6L, 5L), revisions);
            assertEquals(0, history(compacted, "k?before=5").get("items").size());

            HttpReply gone = compacted.get("/v1/history/k?before=4");
            assertEquals(410, gone.status());
            assertEquals("compacted", gone.problem());
            assertEquals(5, gone.json().get("compacted_revision").asLong());
        }
    }
}
