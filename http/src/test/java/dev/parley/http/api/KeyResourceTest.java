package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aNewKeyIsCreatedAndAnOldOneReplaced() {
        HttpReply first = server.put("/v1/kv/new", "hello");
        assertEquals(201, first.status(), first::toString);
        assertEquals("/v1/kv/new", first.header("Location").orElseThrow());
        assertEquals("new", first.json().get("key").asText());
        assertEquals(1, first.json().get("version").asLong());
        assertTrue(first.json().get("created").asBoolean());
        assertFalse(first.json().has("lease"));
        long revision = first.json().get("revision").asLong();
        assertEquals(revision, first.revision());
        assertEquals("\"" + revision + "\"", first.header("ETag").orElseThrow());
        HttpReply second = server.put("/v1/kv/new", "again");
        assertEquals(200, second.status());
        assertFalse(second.json().get("created").asBoolean());
        assertEquals(2, second.json().get("version").asLong());
        assertEquals(revision + 1, second.revision());
        HttpReply read = server.get("/v1/kv/new");
        assertEquals(
                revision, Long.parseLong(read.header("Parley-Create-Revision").orElseThrow()));
        assertEquals("2", read.header("Parley-Version").orElseThrow());
    }

    @Test
    void aValueComesBackAsItWasSent() {
        server.put("/v1/kv/value", "hello", "Content-Type: text/plain; charset=UTF-8");
        HttpReply reply = server.get("/v1/kv/value");
        assertEquals(200, reply.status());
        assertEquals("hello", reply.body());
        assertEquals("text/plain; charset=UTF-8", reply.header("Content-Type").orElseThrow());
        assertEquals("nosniff", reply.header("X-Content-Type-Options").orElseThrow());
        assertEquals("sandbox", reply.header("Content-Security-Policy").orElseThrow());
        assertEquals("linearizable", reply.header("Parley-Consistency").orElseThrow());
        assertEquals("n1", reply.header("Parley-Node").orElseThrow());
        assertTrue(reply.header("Parley-Request-Id").isPresent());
        assertFalse(reply.header("Age").isPresent());
        assertFalse(reply.header("Parley-Lease").isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Nothing: 1", "Content-Type: application/x-www-form-urlencoded", "Content-Type:"})
    void aValueWithoutATypeOfItsOwnIsBytes(String header) {
        server.put("/v1/kv/untyped", "a=b&c=%41", header);
        HttpReply reply = server.get("/v1/kv/untyped");
        assertEquals("application/octet-stream", reply.header("Content-Type").orElseThrow());
        assertEquals("a=b&c=%41", reply.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/html", "application/JSON ; charset=ISO-8859-1", "x", "text/plain;charset=utf-8;a=\"b\""})
    void aContentTypeIsKeptToTheLetter(String type) {
        server.put("/v1/kv/typed", "ä", "Content-Type: " + type);
        assertEquals(type, server.get("/v1/kv/typed").header("Content-Type").orElseThrow());
        assertEquals("ä", server.get("/v1/kv/typed").body());
    }

    @Test
    void anEmptyValueAndTheLargestAreValues() {
        assertEquals(201, server.put("/v1/kv/empty", "").status());
        assertEquals(0, server.get("/v1/kv/empty").bytes().length);
        byte[] largest = new byte[1_000_000];
        new java.util.Random(1).nextBytes(largest);
        assertEquals(201, server.send("PUT", "/v1/kv/largest", largest).status());
        assertArrayEquals(largest, server.get("/v1/kv/largest").bytes());
    }

    @Test
    void aKeyIsTheRawRestOfThePathDecodedOnce() {
        List<String> different = List.of(
                "k",
                "k/",
                "k//b",
                "k/../b",
                "k/./b",
                "k/b",
                "k+b",
                "k%20b",
                "k%252Fb",
                "k;x=1",
                "k%3Fx",
                "K",
                "../../../k",
                "//k");
        for (String key : different) {
            assertEquals(201, server.put("/v1/kv/raw/" + key, key).status(), key);
        }
        for (String key : different) {
            assertEquals(key, server.get("/v1/kv/raw/" + key).body());
        }
        assertEquals("k/b", server.get("/v1/kv/raw/k%2Fb").body());
        assertEquals("k/b", server.get("/v1/kv/raw%2fk%2Fb").body());
        assertEquals("k/../b", server.get("/v1/kv/raw/k/%2E%2e/b").body());
        assertEquals("k+b", server.get("/v1/kv/raw/k%2Bb").body());
        assertEquals(
                "raw/k%2Fb",
                server.put("/v1/kv/raw/k%252Fb", "").json().get("key").asText());
    }

    @Test
    void aKeyMayBeAnyTextOfAThousandAndTwentyFourBytes() {
        String longest = "%C3%A4".repeat(512);
        assertEquals(201, server.put("/v1/kv/" + longest, "x").status());
        assertEquals(
                "ä".repeat(512),
                server.put("/v1/kv/" + longest, "x").json().get("key").asText());
        assertEquals(400, server.put("/v1/kv/" + longest + "a", "x").status());
        assertEquals(201, server.put("/v1/kv/raw-utf8-ä", "x").status());
        assertEquals("x", server.get("/v1/kv/raw-utf8-%C3%A4").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%00", "a%00b", "%zz", "%", "a%4", "%ff", "%C3", "%ED%A0%80", "%C0%80", "a#b"})
    void aMalformedKeyIsRefusedForEveryMethod(String key) {
        long revision = server.revision();
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "TRACE", "BREW")) {
            HttpReply reply = server.send(method, "/v1/kv/" + key, "");
            assertEquals(400, reply.status(), method + " " + reply);
            if (!method.equals("HEAD")) {
                assertTrue(reply.problem().startsWith("malformed-"), reply::toString);
            }
        }
        assertEquals(revision, server.revision());
    }

    @Test
    void aMissingKeyIsNotFoundAndTheRevisionIsNamed() {
        server.put("/v1/kv/some", "x");
        HttpReply reply = server.get("/v1/kv/missing");
        assertEquals(404, reply.status());
        assertEquals("no-such-key", reply.problem());
        assertEquals(server.revision(), reply.revision());
        assertEquals("linearizable", reply.header("Parley-Consistency").orElseThrow());
        assertFalse(reply.json().has("outcome"));
    }

    @Test
    void headSaysWhatGetWouldSay() {
        server.put("/v1/kv/head", "hello", "Content-Type: text/plain");
        HttpReply get = server.get("/v1/kv/head");
        HttpReply head = server.send("HEAD", "/v1/kv/head", "");
        assertEquals(200, head.status());
        for (String header : List.of("Content-Length", "Content-Type", "ETag", "Parley-Version", "Parley-Revision")) {
            assertEquals(get.header(header), head.header(header), header);
        }
        assertEquals(404, server.send("HEAD", "/v1/kv/head/none", "").status());
        assertEquals(200, server.send("HEAD", "/v1/kv", "").status());
    }

    @Test
    void aDeleteSaysWhetherThereWasAKey() {
        server.put("/v1/kv/gone", "x");
        HttpReply first = server.delete("/v1/kv/gone");
        assertEquals(204, first.status());
        assertEquals("1", first.header("Parley-Deleted").orElseThrow());
        long revision = server.revision();
        assertEquals(revision, first.revision());
        HttpReply second = server.delete("/v1/kv/gone");
        assertEquals(204, second.status());
        assertEquals("0", second.header("Parley-Deleted").orElseThrow());
        assertEquals(revision, second.revision());
        assertEquals(revision, server.revision());
    }

    @Test
    void aPutAfterADeleteBeginsAnew() {
        server.put("/v1/kv/reborn", "x");
        server.put("/v1/kv/reborn", "x");
        server.delete("/v1/kv/reborn");
        HttpReply reply = server.put("/v1/kv/reborn", "x");
        assertEquals(201, reply.status());
        assertEquals(1, reply.json().get("version").asLong());
    }

    // -- reading at a revision ------------------------------------------------------------------------------------

    @Test
    void anEarlierRevisionShowsTheStateOfThen() {
        long first = server.put("/v1/kv/past", "one").revision();
        long second = server.put("/v1/kv/past", "two").revision();
        HttpReply reply = server.get("/v1/kv/past?revision=" + first);
        assertEquals("one", reply.body());
        assertEquals(first, reply.revision());
        assertEquals("two", server.get("/v1/kv/past?revision=" + second).body());
        assertEquals(404, server.get("/v1/kv/past?revision=" + (first - 1)).status());
    }

    @Test
    void aRevisionThatDoesNotExistYetIsRefusedAndAStaleReadWaitsForIt() {
        long above = server.revision() + 100;
        HttpReply reply = server.get("/v1/kv/any?revision=" + above);
        assertEquals(400, reply.status());
        assertEquals("revision-above-newest", reply.problem());
        assertEquals("revision", reply.json().get("field").asText());
        HttpReply stale = server.get("/v1/kv/any?consistency=stale&timeout=50ms&revision=" + above);
        assertEquals(503, stale.status());
        assertTrue(stale.header("Retry-After").isPresent());
    }

    @Test
    void aMinimumRevisionIsWaitedFor() {
        HttpReply put = server.put("/v1/kv/least", "x");
        assertEquals(
                200, server.get("/v1/kv/least?min_revision=" + put.revision()).status());
        HttpReply early = server.get("/v1/kv/least?timeout=50ms&min_revision=" + (server.revision() + 100));
        assertEquals(503, early.status());
        assertEquals("timed-out", early.problem());
        assertFalse(early.json().has("outcome"));
    }

    @Test
    void aStaleReadSaysHowStaleItMayBe() {
        server.put("/v1/kv/stale", "x");
        HttpReply reply = server.get("/v1/kv/stale?consistency=stale");
        assertEquals(200, reply.status());
        assertEquals("stale", reply.header("Parley-Consistency").orElseThrow());
        assertTrue(Long.parseLong(reply.header("Age").orElseThrow()) >= 0);
    }

    // -- leases ---------------------------------------------------------------------------------------------------

    @Test
    void aKeyCanHaveALeaseOfItsOwnAndLosesItWithTheNextPut() {
        HttpReply put = server.put("/v1/kv/own-lease?ttl=30s", "x");
        assertEquals(201, put.status());
        String lease = put.json().get("lease").textValue();
        assertEquals(
                lease, server.get("/v1/kv/own-lease").header("Parley-Lease").orElseThrow());
        assertEquals(200, server.get("/v1/leases/" + lease).status());
        assertEquals(200, server.put("/v1/kv/own-lease", "x").status());
        assertFalse(server.get("/v1/kv/own-lease").header("Parley-Lease").isPresent());
    }

    @Test
    void aKeyCannotBeTiedToALeaseThatIsNot() {
        for (String lease : List.of("999999999", "unheard-of", "01", "-1", "9999999999999999999999")) {
            HttpReply reply = server.put("/v1/kv/no-lease?lease=" + lease, "x");
            assertEquals(409, reply.status(), reply::toString);
            assertEquals("lease-not-found", reply.problem());
            assertEquals("lease", reply.json().get("field").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ttl=30",
                "ttl=",
                "ttl",
                "ttl=30S",
                "ttl=0s",
                "ttl=999ms",
                "ttl=25h",
                "ttl=1.5s",
                "ttl=-1s",
                "ttl=30s&lease=1",
                "lease=",
                "lease",
                "ttl=30s&ttl=30s",
                "tttl=30s",
                "timeout=61s",
                "timeout=5",
                "timeout=99999999999999h"
            })
    void aMalformedParameterOfAPutIsRefused(String query) {
        long revision = server.revision();
        HttpReply reply = server.put("/v1/kv/parameters?" + query, "x");
        assertEquals(400, reply.status(), reply::toString);
        assertEquals("not-applied", reply.json().get("outcome").asText());
        assertTrue(reply.json().has("field"));
        assertEquals(revision, server.revision());
    }

    @Test
    void aMisspeltParameterIsToldTheNearestOne() {
        HttpReply reply = server.put("/v1/kv/parameters?tl=30s", "x");
        assertEquals("unknown-parameter", reply.problem());
        assertTrue(reply.json().get("detail").asText().contains("ttl"), reply::toString);
        HttpReply read = server.get("/v1/kv/parameters?consistancy=stale");
        assertTrue(read.json().get("detail").asText().contains("consistency"), read::toString);
    }
}
