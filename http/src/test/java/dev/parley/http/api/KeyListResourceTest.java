package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyListResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        for (String key : List.of("a", "b/1", "b/2", "b/3", "b0", "c")) {
            server.put("/v1/kv/" + key, "value of " + key, "Content-Type: text/plain");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode list(String query) {
        HttpReply reply = server.get("/v1/kv" + query);
        assertEquals(200, reply.status(), reply::toString);
        assertEquals("application/json", reply.header("Content-Type").orElseThrow());
        assertTrue(reply.header("ETag").isEmpty());
        assertEquals(reply.revision(), reply.json().get("revision").asLong());
        return reply.json();
    }

    private static List<String> keys(JsonNode list) {
        List<String> keys = new ArrayList<>();
        list.get("items").forEach(item -> keys.add(item.get("key").asText()));
        return keys;
    }

    @Test
    void aRangeIsEverythingOrAPrefixOrFromStartToBeforeEnd() {
        assertEquals(List.of("a", "b/1", "b/2", "b/3", "b0", "c"), keys(list("?end=d")));
        assertEquals(List.of("b/1", "b/2", "b/3"), keys(list("?prefix=b/")));
        assertEquals(List.of("b/1", "b/2", "b/3"), keys(list("?prefix=b%2F")));
        assertEquals(List.of("b/2", "b/3", "b0"), keys(list("?start=b/2&end=c")));
        assertEquals(List.of("a"), keys(list("?end=b")));
        assertEquals(List.of(), keys(list("?start=c&end=a")));
        assertTrue(keys(list("")).containsAll(List.of("a", "c")));
    }

    @Test
    void anItemIsComplete() {
        JsonNode item = list("?prefix=a&limit=1").get("items").get(0);
        assertEquals("value of a", item.get("value").asText());
        assertEquals("text/plain", item.get("content_type").asText());
        assertEquals(1, item.get("create_revision").asLong());
        assertEquals(1, item.get("mod_revision").asLong());
        assertEquals(1, item.get("version").asLong());
        assertFalse(item.has("lease"));
        assertFalse(item.has("value_base64"));
    }

    @Test
    void bytesThatAreNoTextComeAsBase64AndTextWhenWanted() {
        server.send("PUT", "/v1/kv/bytes", new byte[] {(byte) 0xff, 0});
        JsonNode item = list("?prefix=bytes").get("items").get(0);
        assertEquals("/wA=", item.get("value_base64").asText());
        assertFalse(item.has("value"));
        assertEquals(
                "dmFsdWUgb2YgYQ==",
                list("?prefix=a&base64").get("items").get(0).get("value_base64").asText());
        server.delete("/v1/kv/bytes");
    }

    @Test
    void keysOnlyLeavesTheValuesOut() {
        JsonNode item = list("?prefix=a&keys_only=true").get("items").get(0);
        assertFalse(item.has("value"));
        assertTrue(item.has("mod_revision"));
    }

    @Test
    void reverseGoesFromTheLastToTheFirst() {
        assertEquals(List.of("c", "b0"), keys(list("?end=d&reverse=true&limit=2")));
    }

    @Test
    void aCountIsOfTheWholeRange() {
        JsonNode count = list("?prefix=b/&count_only=true&limit=1");
        assertEquals(3, count.get("count").asLong());
        assertFalse(count.has("items"));
    }

    @Test
    void pagesShowOneSnapshot() {
        for (boolean reverse : new boolean[] {false, true}) {
            String query = "?prefix=page/&limit=2&reverse=" + reverse;
            server.delete("/v1/kv?prefix=page/");
            for (int i = 0; i < 5; i++) {
                server.put("/v1/kv/page/" + i, "old");
            }
            List<String> seen = new ArrayList<>();
            JsonNode page = list(query);
            long revision = page.get("revision").asLong();
            seen.addAll(keys(page));
            while (page.get("more").asBoolean()) {
                server.put("/v1/kv/page/" + seen.size() + "x", "new");
                server.put("/v1/kv/page/4", "new");
                server.delete("/v1/kv/page/2");
                page = list(query + "&after=" + page.get("next").asText());
                assertEquals(revision, page.get("revision").asLong());
                page.get("items")
                        .forEach(item -> assertEquals("old", item.get("value").asText()));
                seen.addAll(keys(page));
            }
            assertTrue(page.get("next").isNull());
            List<String> all = IntStream.range(0, 5)
                    .mapToObj(i -> "page/" + (reverse ? 4 - i : i))
                    .toList();
            assertEquals(all, seen);
        }
    }

    @Test
    void aCursorOfAnotherListOrATamperedOneIsRefused() {
        String next = list("?prefix=b/&limit=1").get("next").asText();
        for (String query : List.of(
                "?prefix=a&after=" + next,
                "?prefix=b/&reverse&after=" + next,
                "?prefix=b/&after=",
                "?prefix=b/&after=b/1",
                "?prefix=b/&after=" + next + "A",
                "?prefix=b/&after=" + (next.startsWith("B") ? "A" : "B") + next.substring(1),
                "?prefix=b/&count_only&after=" + next)) {
            HttpReply reply = server.get("/v1/kv" + query);
            assertEquals(400, reply.status(), query + " " + reply);
            assertEquals("after", reply.json().get("field").asText());
        }
        assertEquals(
                400, server.get("/v1/kv?prefix=b/&revision=1&after=" + next).status());
    }

    @Test
    void aLongListEndsEarlyRatherThanGrowingWithoutBound() {
        byte[] value = new byte[900_000];
        for (int i = 0; i < 12; i++) {
            server.send("PUT", "/v1/kv/huge/" + i, value);
        }
        HttpReply reply = server.get("/v1/kv?prefix=huge/&limit=1000&base64");
        assertTrue(reply.bytes().length < 12 << 20);
        assertTrue(reply.json().get("more").asBoolean());
        server.delete("/v1/kv?prefix=huge/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prefix=a&start=b",
                "prefix=a&end=b",
                "limit=0",
                "limit=1001",
                "limit=x",
                "limit=",
                "limit=+5",
                "limit=05",
                "reverse=yes",
                "keys_only=1",
                "count_only=TRUE",
                "consistency=strong",
                "revision=-1",
                "revision=x",
                "min_revision=9007199254740992",
                "prefix=%zz",
                "prefix=%",
                "prefix=a&prefix=a",
                "timeout=5",
                "timeout=2m",
                "prefx=a",
                "PREFIX=a",
                "=x"
            })
    void aMalformedParameterIsRefused(String query) {
        HttpReply reply = server.get("/v1/kv?" + query);
        assertEquals(400, reply.status(), reply::toString);
        assertTrue(reply.json().has("field"), reply::toString);
        assertFalse(reply.json().has("outcome"));
    }

    @Test
    void aBareBooleanIsTrueAndAFalseOneFalse() {
        assertEquals(3, list("?prefix=b/&count_only").get("count").asLong());
        assertEquals(3, keys(list("?prefix=b/&count_only=false&&")).size());
    }

    // -- deleting -------------------------------------------------------------------------------------------------

    @Test
    void aRangeIsDeletedInOneRevision() {
        for (int i = 0; i < 5; i++) {
            server.put("/v1/kv/del/" + i, "x");
        }
        long before = server.revision();
        HttpReply reply = server.delete("/v1/kv?start=del/1&end=del/4");
        assertEquals(200, reply.status());
        assertEquals(3, reply.json().get("deleted").asLong());
        assertEquals(before + 1, reply.json().get("revision").asLong());
        assertEquals(before + 1, reply.revision());
        assertFalse(reply.json().has("split"));
        HttpReply none = server.delete("/v1/kv?prefix=nothing/");
        assertEquals(0, none.json().get("deleted").asLong());
        assertEquals(before + 1, none.json().get("revision").asLong());
        assertEquals(before + 1, server.revision());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "?all=true",
                "?prefix=",
                "?prefix",
                "?prefix=&all=false",
                "?start=",
                "?prefix=a&end=b",
                "?prefix=a&al=true"
            })
    void everythingIsNeverDeletedByAccident(String query) {
        long before = server.revision();
        HttpReply reply = server.delete("/v1/kv" + query);
        assertEquals(400, reply.status(), reply::toString);
        assertEquals("not-applied", reply.json().get("outcome").asText());
        assertEquals(400, server.delete("/v1/kv/" + query).status());
        assertEquals(before, server.revision());
    }

    @Test
    void everythingIsDeletedWhenItIsMeant() {
        try (TestServer other = TestServer.start()) {
            other.put("/v1/kv/a", "x");
            other.put("/v1/kv/b", "x");
            assertEquals(
                    2,
                    other.delete("/v1/kv?prefix=&all=true")
                            .json()
                            .get("deleted")
                            .asLong());
            assertEquals(0, other.get("/v1/kv?count_only").json().get("count").asLong());
        }
    }

    @Test
    void aLargeRangeIsDeletedInSeveralRevisionsAndTheAnswerSaysSo() {
        String lines = IntStream.range(0, 20_500)
                .mapToObj(i -> "{\"put\":{\"key\":\"large/" + i + "\",\"value\":\"\"}}")
                .collect(Collectors.joining("\n"));
        server.post("/v1/bulk", lines);
        long before = server.revision();
        HttpReply reply = server.delete("/v1/kv?prefix=large/", "Idempotency-Key: large-1");
        assertEquals(200, reply.status(), reply::toString);
        assertEquals(20_500, reply.json().get("deleted").asLong());
        assertEquals(3, reply.json().get("split").asLong());
        assertEquals(before + 3, reply.json().get("revision").asLong());
        server.put("/v1/kv/large/again", "x");
        HttpReply again = server.delete("/v1/kv?prefix=large/", "Idempotency-Key: large-1");
        assertEquals(reply.json(), again.json());
        assertEquals("true", again.header("Idempotent-Replay").orElseThrow());
        assertEquals(200, server.get("/v1/kv/large/again").status());
    }
}
