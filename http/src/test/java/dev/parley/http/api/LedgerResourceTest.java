package dev.parley.http.api;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.merkle.Verifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerResourceTest {
    private static final String ENTRIES = "/v1/ledgers/orders/entries";

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String body(String text) {
        return text.replace('\'', '"');
    }

    private HttpReply append(String key, String value) {
        HttpReply reply =
                server.post(ENTRIES, body("{'key':'" + key + "','value':'" + value + "'}"), "Parley-Author: me");
        assertEquals(201, reply.status(), reply::toString);
        return reply;
    }

    private JsonNode ok(String target) {
        HttpReply reply = server.get(target);
        assertEquals(200, reply.status(), reply::toString);
        return reply.json();
    }

    @Test
    @DisplayName("I6, I10: an entry gets the next sequence, a stamp, a hash and a revision, and can be read back")
    void anEntryIsAppendedAndReadBack() {
        append("a", "1");
        HttpReply reply = server.post(
                ENTRIES, body("{'key':'b','value_base64':'/w==','metadata':{'by':[1,{'x':null}]},'stamp':40}"));
        assertEquals(201, reply.status(), reply::toString);
        JsonNode json = reply.json();
        assertEquals("orders", json.get("context").asText());
        assertEquals(2, json.get("sequence").asLong());
        assertEquals(41, json.get("stamp").asLong());
        assertEquals(2, json.get("revision").asLong());
        assertEquals(2, reply.revision());
        assertEquals(ENTRIES + "/2", reply.header("Location").orElse(""));

        JsonNode entry = ok(ENTRIES + "/2");
        assertEquals(json.get("hash"), entry.get("hash"));
        assertEquals("/w==", entry.get("value_base64").asText());
        assertEquals(body("{'by':[1,{'x':null}]}"), entry.get("metadata").toString());
        assertEquals("b", entry.get("key").asText());
        assertEquals("me", ok(ENTRIES + "/1").get("author").asText());
        assertEquals("MQ==", ok(ENTRIES + "/1?base64").get("value_base64").asText());
    }

    @Test
    void entriesAreListedPageByPageAndByKey() {
        for (int i = 1; i <= 7; i++) {
            append("k" + i % 2, "v" + i);
        }
        JsonNode first = ok(ENTRIES + "?limit=3");
        assertEquals(List.of("v1", "v2", "v3"), values(first));
        assertTrue(first.get("more").asBoolean());
        assertEquals(7, first.get("last_sequence").asLong());
        JsonNode rest = ok(ENTRIES + "?after=" + first.get("next").asLong());
        assertEquals(List.of("v4", "v5", "v6", "v7"), values(rest));
        assertFalse(rest.get("more").asBoolean());
        assertTrue(rest.get("next").isNull());
        assertEquals(List.of("v2", "v4", "v6"), values(ok(ENTRIES + "?key=k0")));
        assertEquals(List.of("v3"), values(ok(ENTRIES + "?key=k1&after=2&limit=1")));
    }

    private static List<String> values(JsonNode page) {
        List<String> values = new ArrayList<>();
        page.get("items").forEach(item -> values.add(item.get("value").asText()));
        return values;
    }

    @Test
    void ledgersAreListed() {
        assertEquals(0, ok("/v1/ledgers").get("items").size());
        for (String name : List.of("b", "a", "c")) {
            server.post("/v1/ledgers/" + name + "/entries", body("{'key':'k','value':''}"));
        }
        JsonNode page = ok("/v1/ledgers?limit=2");
        assertEquals("a", page.at("/items/0/context").asText());
        assertEquals(1, page.at("/items/0/last_sequence").asLong());
        assertTrue(page.get("more").asBoolean());
        JsonNode rest = ok("/v1/ledgers?after=" + page.get("next").asText());
        assertEquals(1, rest.get("items").size());
        assertEquals("c", rest.at("/items/0/context").asText());
    }

    @Test
    void anEntryIsNeverChanged() {
        append("a", "1");
        for (String method : List.of("PUT", "DELETE", "PATCH")) {
            for (String target : List.of(ENTRIES, ENTRIES + "/1")) {
                HttpReply reply = server.send(method, target, "{}");
                assertEquals(405, reply.status(), reply::toString);
                assertTrue(reply.header("Allow").orElse("").contains("GET"));
            }
        }
        assertEquals("1", ok(ENTRIES + "/1").get("value").asText());
    }

    @Test
    @DisplayName("K5: an entry's proof leads from what it says to the ledger's root")
    void anEntryIsProven() {
        for (int i = 1; i <= 6; i++) {
            append("k", "v" + i);
        }
        JsonNode root = ok("/v1/ledgers/orders/root");
        assertEquals(6, root.get("count").asLong());
        for (int i = 1; i <= 6; i++) {
            JsonNode proof = ok(ENTRIES + "/" + i + "/proof");
            Hash leaf = new Hasher()
                    .leaf(HexFormat.of().parseHex(proof.get("content").asText()));
            assertEquals(leaf.hex(), proof.get("leaf").asText());
            assertEquals(ok(ENTRIES + "/" + i).get("hash"), proof.get("leaf"));
            assertEquals(root.get("root"), proof.get("root"));
            List<Hash> path = new ArrayList<>();
            proof.get("path").forEach(hash -> path.add(Hash.ofHex(hash.asText())));
            Hash top = Hash.ofHex(root.get("root").asText());
            assertTrue(Verifier.includes(top, 6, proof.get("index").asLong(), leaf, path));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        POST | /v1/ledgers/-x/entries        | {'key':'k','value':''}                    | 400 | malformed-path
        POST | /v1/ledgers/x/entries         | {'value':''}                              | 400 | malformed-field
        POST | /v1/ledgers/x/entries         | {'key':'','value':''}                     | 400 | malformed-field
        POST | /v1/ledgers/x/entries         | {'key':'k'}                               | 400 | malformed-field
        POST | /v1/ledgers/x/entries         | {'key':'k','value':'','stamp':-1}         | 400 | malformed-field
        POST | /v1/ledgers/x/entries         | {'key':'k','value':'','metadata':'x'}     | 400 | malformed-field
        POST | /v1/ledgers/x/entries         | {'key':'k','value':'','metdata':{}}       | 400 | unknown-field
        POST | /v1/ledgers/x/entries         | {'key':'k','value':'','stamp':9000000000} | 422 | stamp-too-far
        GET  | /v1/ledgers/x/entries/1       |                                           | 404 | no-such-entry
        GET  | /v1/ledgers/x/entries/x       |                                           | 404 | no-such-entry
        GET  | /v1/ledgers/x/entries/1/proof |                                           | 404 | no-such-entry
        GET  | /v1/ledgers/x/snapshot        |                                           | 404 | no-such-ledger
        GET  | /v1/ledgers/x/entries?limit=0 |                                           | 400 | malformed-parameter
        GET  | /v1/ledgers?after=-           |                                           | 400 | malformed-parameter
        GET  | /v1/ledgers/x/entries?key=    |                                           | 400 | malformed-key
        GET  | /v1/ledgers/x/watch?key=      |                                           | 400 | malformed-key
        GET  | /v1/ledgers/x/watch?wait=1s   |                                           | 400 | malformed-parameter
        PUT  | /v1/ledgers/x/snapshot        | no snapshot                               | 422 | snapshot-damaged
        """)
    void whatIsWrongIsNamedAndChangesNothing(String method, String target, String body, int status, String problem) {
        HttpReply reply = server.send(method, target, body == null ? "" : body(body));
        assertEquals(status, reply.status(), reply::toString);
        assertEquals("urn:parley:problem:" + problem, reply.json().get("type").asText());
        assertEquals(0, server.revision());
        assertEquals(0, ok("/v1/ledgers/x/root").get("count").asLong());
    }

    private HttpReply load(String ledger, byte[] archive) {
        return server.send("PUT", "/v1/ledgers/" + ledger + "/snapshot", archive);
    }

    @Test
    @DisplayName("I11, K3: a snapshot is loaded as it was, and not at all when any byte of it is damaged")
    void aSnapshotIsLoadedAsItWasOrNotAtAll() {
        for (int i = 1; i <= 120; i++) {
            append("k", "v" + i + "x".repeat(2_000));
        }
        byte[] archive = server.get("/v1/ledgers/orders/snapshot").bytes();
        JsonNode root = ok("/v1/ledgers/orders/root");
        for (int at : new int[] {0, 20, 40, 60, 100, 3_000, archive.length - 40, archive.length - 1}) {
            byte[] damaged = archive.clone();
            damaged[at] ^= 4;
            HttpReply reply = load("copy", damaged);
            assertEquals(422, reply.status(), reply::toString);
            assertEquals(0, ok("/v1/ledgers/copy/root").get("count").asLong());
        }
        HttpReply loaded = load("copy", archive);
        assertEquals(200, loaded.status(), loaded::toString);
        assertEquals(120, loaded.json().get("restored").asLong());
        assertEquals(120, loaded.json().get("last_sequence").asLong());
        assertEquals(root, ok("/v1/ledgers/copy/root"));
        assertEquals(
                ok(ENTRIES + "/7").get("hash"), ok("/v1/ledgers/copy/entries/7").get("hash"));

        assertEquals(0, load("copy", archive).json().get("restored").asLong());
        HttpReply refused = server.send("PUT", "/v1/ledgers/copy/snapshot?fail_if_exists=true", archive);
        assertEquals(409, refused.status(), refused::toString);
        assertEquals("urn:parley:problem:name-taken", refused.json().get("type").asText());
    }

    @Test
    void aSnapshotGoesOnWhereALedgerEndsAndNeverOverwritesAnother() {
        append("k", "1");
        byte[] beginning = server.get("/v1/ledgers/orders/snapshot").bytes();
        append("k", "2");
        byte[] whole = server.get("/v1/ledgers/orders/snapshot").bytes();
        load("copy", beginning);
        HttpReply rest = load("copy", whole);
        assertEquals(1, rest.json().get("restored").asLong(), rest::toString);
        assertEquals(ok("/v1/ledgers/orders/root"), ok("/v1/ledgers/copy/root"));

        server.post("/v1/ledgers/other/entries", body("{'key':'k','value':'else'}"));
        HttpReply refused = load("other", whole);
        assertEquals(409, refused.status(), refused::toString);
        assertEquals(1, ok("/v1/ledgers/other/root").get("count").asLong());
    }

    @Test
    void theSameAppendUnderAnIdempotencyKeyIsDoneOnce() {
        String entry = body("{'key':'k','value':'x'}");
        HttpReply first = server.post(ENTRIES, entry, "Idempotency-Key: one");
        HttpReply again = server.post(ENTRIES, entry, "Idempotency-Key: one");
        assertEquals(first.json(), again.json());
        assertEquals("true", again.header("Idempotent-Replay").orElse(""));
        assertEquals(1, ok("/v1/ledgers/orders/root").get("count").asLong());
    }

    @Test
    @DisplayName("I4, J1, J6: a watch shows the backlog and then what comes, in order, each once, by key")
    void aWatchShowsTheBacklogAndGoesOn() throws IOException {
        append("a", "1");
        append("b", "2");
        append("a", "3");
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("GET /v1/ledgers/orders/watch?from=1&key=a HTTP/1.1\r\nHost: l\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertEquals("0", nextId(in), "the bookmark");
            assertEquals("1", nextId(in));
            assertEquals("3", nextId(in));
            append("b", "4");
            append("a", "5");
            assertEquals("5", nextId(in));
        }
    }

    @Test
    @DisplayName("J2, J4, J5: who watches a ledger is listed, with what was asked for, and only as long as it is there")
    void whoWatchesALedgerIsListed() throws IOException {
        append("a", "1");
        append("b", "2");
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("GET /v1/ledgers/orders/watch?from=1&key=a HTTP/1.1\r\nHost: l\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertEquals("0", nextId(in), "the bookmark");
            assertEquals("1", nextId(in));
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            ok("/v1/watches").at("/items/0/delivered_revision").asLong() == 2);
            JsonNode listed = ok("/v1/watches");
            assertEquals(1, listed.get("count").asLong());
            assertEquals("sse", listed.at("/items/0/kind").asText());
            assertEquals(
                    body("{'ledger':'orders','key':'a'}"),
                    listed.at("/items/0/range").toString());
            assertEquals(0, listed.at("/items/0/lag_revisions").asLong());
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            append("a", "wake up"); // a broken connection shows when something is written
            return ok("/v1/watches").get("count").asLong() == 0;
        });
    }

    private static String nextId(BufferedReader in) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("id: ")) {
                return line.substring(4);
            }
        }
        throw new AssertionError("the stream ended");
    }

    @Test
    void aLongPollAnswersWithTheNextEntryAndWhereToGoOn() {
        append("a", "1");
        append("a", "2");
        HttpReply reply = server.get("/v1/ledgers/orders/watch?from=2", "Accept: application/json");
        assertEquals(200, reply.status(), reply::toString);
        assertEquals("2", reply.json().at("/events/0/value").asText());
        assertEquals(3, reply.json().get("next").asLong());
        HttpReply nothing = server.get("/v1/ledgers/orders/watch?from=3&wait=1ms", "Accept: application/json");
        assertEquals(0, nothing.json().get("events").size());
        assertEquals(3, nothing.json().get("next").asLong());
    }
}
