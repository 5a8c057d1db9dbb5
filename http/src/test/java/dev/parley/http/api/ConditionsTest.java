package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {
    private static TestServer server;
    private String current;
    private long revision;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        server.put("/v1/kv/first", "revision 1, which no test means");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void oneKey() {
        revision = server.put("/v1/kv/here", "x").revision();
        current = "\"" + revision + "\"";
        server.delete("/v1/kv/missing");
    }

    @Test
    void aMatchingTagLetsAWriteThroughAndAnotherDoesNot() {
        HttpReply written = server.put("/v1/kv/here", "y", "If-Match: " + current);
        assertEquals(200, written.status());
        HttpReply late = server.put("/v1/kv/here", "z", "If-Match: " + current);
        assertEquals(412, late.status());
        assertEquals("precondition-failed", late.problem());
        assertEquals("If-Match", late.json().get("field").asText());
        assertEquals("not-applied", late.json().get("outcome").asText());
        assertEquals(written.revision(), late.json().get("revision").asLong());
        assertEquals(server.revision(), late.revision());
        assertEquals("y", server.get("/v1/kv/here").body());
    }

    @Test
    void aListMatchesWhenOneOfItDoes() {
        assertEquals(
                200,
                server.put("/v1/kv/here", "y", "If-Match: \"1,2\", W/\"8\", , " + current)
                        .status());
    }

    @Test
    void severalLinesAreOneList() {
        assertEquals(
                200,
                server.put("/v1/kv/here", "y", "If-Match: \"zzz\"", "If-Match: " + current)
                        .status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"zzz\"", "\"\"", "\"0\"", "\"007\"", "\"+5\"", "\"99999999999999999999\"", "\"ä\""})
    void aTagThatIsNotOursDoesNotMatch(String tag) {
        assertEquals(412, server.put("/v1/kv/here", "y", "If-Match: " + tag).status());
        assertEquals(
                200, server.put("/v1/kv/here", "y", "If-None-Match: " + tag).status());
    }

    @Test
    void aWeakTagNeverMatchesStronglyAndAlwaysWeakly() {
        assertEquals(
                412, server.put("/v1/kv/here", "y", "If-Match: W/" + current).status());
        assertEquals(
                412,
                server.put("/v1/kv/here", "y", "If-None-Match: W/" + current).status());
        assertEquals(
                304, server.get("/v1/kv/here", "If-None-Match: W/" + current).status());
    }

    @Test
    void aStarStandsForAnyExistingKey() {
        assertEquals(412, server.put("/v1/kv/here", "y", "If-None-Match: *").status());
        assertEquals(412, server.put("/v1/kv/missing", "y", "If-Match: *").status());
        assertEquals(
                0,
                server.put("/v1/kv/missing", "y", "If-Match: *")
                        .json()
                        .get("revision")
                        .asLong());
        assertEquals(201, server.put("/v1/kv/missing", "y", "If-None-Match: *").status());
        assertEquals(200, server.put("/v1/kv/here", "y", "If-Match: *").status());
    }

    @Test
    void bothHeadersMustHold() {
        assertEquals(
                412,
                server.put("/v1/kv/here", "y", "If-Match: " + current, "If-None-Match: *")
                        .status());
        assertEquals(
                200,
                server.put("/v1/kv/here", "y", "If-Match: " + current, "If-None-Match: \"1\"")
                        .status());
    }

    @Test
    void aDeleteTakesThemTooAndAMissingKeyFailsIfMatch() {
        assertEquals(412, server.delete("/v1/kv/here", "If-Match: \"1\"").status());
        assertEquals(412, server.delete("/v1/kv/missing", "If-Match: *").status());
        assertEquals(412, server.delete("/v1/kv/missing", "If-Match: \"5\"").status());
        assertEquals(204, server.delete("/v1/kv/here", "If-Match: " + current).status());
    }

    @Test
    void aReadThatTheClientHasAlreadyIsNotModified() {
        HttpReply reply = server.get("/v1/kv/here", "If-None-Match: \"1\", " + current);
        assertEquals(304, reply.status());
        assertEquals(current, reply.header("ETag").orElseThrow());
        assertEquals(server.revision(), reply.revision());
        assertEquals("linearizable", reply.header("Parley-Consistency").orElseThrow());
        assertTrue(reply.header("Content-Type").isEmpty());
        assertEquals(304, server.get("/v1/kv/here", "If-None-Match: *").status());
        assertEquals(
                304,
                server.send("HEAD", "/v1/kv/here", "", "If-None-Match: " + current)
                        .status());
        assertEquals(200, server.get("/v1/kv/here", "If-None-Match: \"1\"").status());
    }

    @Test
    void aReadCanDemandAState() {
        assertEquals(200, server.get("/v1/kv/here", "If-Match: " + current).status());
        HttpReply reply = server.get("/v1/kv/here", "If-Match: \"1\"");
        assertEquals(412, reply.status());
        assertEquals(revision, reply.json().get("revision").asLong());
        assertEquals(412, server.get("/v1/kv/missing", "If-Match: *").status());
        assertEquals(404, server.get("/v1/kv/missing", "If-None-Match: \"0\"").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "\"5",
                "5\"",
                "\"5\" \"6\"",
                "*, \"5\"",
                "\"5\", *",
                ",",
                "w/\"5\"",
                "W/5",
                "\"a b\"",
                "W/ \"5\""
            })
    void aMalformedHeaderIsRefused(String value) {
        long before = server.revision();
        for (String header : new String[] {"If-Match", "If-None-Match"}) {
            HttpReply reply = server.put("/v1/kv/here", "y", header + ": " + value);
            assertEquals(400, reply.status(), reply::toString);
            assertEquals("malformed-header", reply.problem());
            assertEquals(header, reply.json().get("field").asText());
            assertEquals(400, server.get("/v1/kv/here", header + ": " + value).status());
        }
        assertEquals(before, server.revision());
    }

    @Test
    void aRangeHeaderIsIgnored() {
        HttpReply reply = server.get("/v1/kv/here", "Range: bytes=0-0");
        assertEquals(200, reply.status());
        assertEquals("x", reply.body());
    }
}
