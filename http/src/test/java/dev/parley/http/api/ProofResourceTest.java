package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.merkle.Verifier;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProofResourceTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
        for (int i = 1; i <= 6; i++) {
            server.put("/v1/kv/k" + i % 2, "v" + i);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode ok(String target) {
        HttpReply reply = server.get(target);
        assertEquals(200, reply.status(), reply::toString);
        return reply.json();
    }

    private static List<Hash> path(JsonNode proof) {
        List<Hash> path = new ArrayList<>();
        proof.get("path").forEach(hash -> path.add(Hash.ofHex(hash.asText())));
        return path;
    }

    private static Hash hash(JsonNode node, String field) {
        return Hash.ofHex(node.get(field).asText());
    }

    @Test
    void aRootIsThatOfItsRevision() {
        JsonNode newest = ok("/v1/root");
        assertEquals(6, newest.get("revision").asLong());
        assertEquals(6, newest.get("count").asLong());
        JsonNode former = ok("/v1/root?revision=3");
        assertEquals(3, former.get("revision").asLong());
        assertEquals(3, former.get("count").asLong());
        assertNotEquals(newest.get("root"), former.get("root"));
        server.put("/v1/kv/more", "x");
        assertEquals(former, ok("/v1/root?revision=3"));
        assertEquals(newest, ok("/v1/root?revision=6&consistency=stale"));
    }

    @Test
    @DisplayName("K5: a proof leads from what the leaf says to the root, for every revision and every later root")
    void aProofLeadsToTheRoot() {
        for (int of = 1; of <= 6; of++) {
            JsonNode root = ok("/v1/root?revision=" + of);
            for (int revision = 1; revision <= of; revision++) {
                JsonNode proof = ok("/v1/proof?revision=" + revision + "&of=" + of);
                assertEquals(revision, proof.get("revision").asLong());
                assertEquals(of, proof.get("of").asLong());
                assertEquals(root.get("root"), proof.get("root"));
                byte[] content = HexFormat.of().parseHex(proof.get("content").asText());
                assertEquals(new Hasher().leaf(content), hash(proof, "leaf"));
                assertTrue(Verifier.includes(
                        hash(root, "root"),
                        root.get("count").asLong(),
                        proof.get("index").asLong(),
                        hash(proof, "leaf"),
                        path(proof)));
            }
        }
        assertEquals(ok("/v1/root").get("root"), ok("/v1/proof?revision=2").get("root"));
    }

    @Test
    void aRootIsProvenToGoOnFromAFormerOne() {
        for (int from = 0; from <= 6; from++) {
            JsonNode proof = ok("/v1/proof/consistency?from=" + from + "&to=6");
            assertEquals(ok("/v1/root?revision=" + from).get("root"), proof.get("root_from"));
            assertEquals(ok("/v1/root").get("root"), proof.get("root_to"));
            assertTrue(Verifier.continues(
                    hash(proof, "root_from"),
                    proof.get("count_from").asLong(),
                    hash(proof, "root_to"),
                    proof.get("count_to").asLong(),
                    path(proof)));
        }
    }

    @Test
    void theDigestIsThatOfTheLiveState() {
        JsonNode before = ok("/v1/digest");
        assertEquals(6, before.get("revision").asLong());
        assertEquals(64, before.get("digest").asText().length());
        server.put("/v1/kv/more", "x");
        assertNotEquals(before.get("digest"), ok("/v1/digest").get("digest"));
        server.delete("/v1/kv/more");
        assertEquals(before.get("digest"), ok("/v1/digest").get("digest"));
        assertEquals(before, ok("/v1/digest?revision=6"));
    }

    @Test
    void theDigestOfARangeIsOfItsKeysAlone() {
        JsonNode range = ok("/v1/digest?prefix=k0");
        assertEquals(1, range.get("count").asLong());
        server.put("/v1/kv/k1", "another");
        assertEquals(range.get("digest"), ok("/v1/digest?prefix=k0").get("digest"));
        assertEquals(range.get("digest"), ok("/v1/digest?start=k0&end=k1").get("digest"));
        server.put("/v1/kv/k0", "another");
        assertNotEquals(range.get("digest"), ok("/v1/digest?prefix=k0").get("digest"));
        assertEquals(0, ok("/v1/digest?start=b&end=a").get("count").asLong());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/proof,                             400, revision",
        "/v1/proof?revision=0,                  400, revision",
        "/v1/proof?revision=x,                  400, revision",
        "/v1/proof?revision=7,                  400, revision",
        "/v1/proof?revision=2&of=7,             400, of",
        "/v1/proof?revision=4&of=3,             400, of",
        "/v1/proof?revisoin=4,                  400, revisoin",
        "/v1/proof/consistency?from=1,          400, to",
        "/v1/proof/consistency?to=1,            400, from",
        "/v1/proof/consistency?from=3&to=2,     400, to",
        "/v1/proof/consistency?from=3&to=9,     400, to",
        "/v1/root?revision=7,                   400, revision",
        "/v1/digest?revision=7,                 400, revision",
        "/v1/digest?consistency=loose,          400, consistency",
    })
    void whatCannotBeProvenIsRefusedAndTheFieldNamed(String target, int status, String field) {
        HttpReply reply = server.get(target);
        assertEquals(status, reply.status(), reply::toString);
        assertEquals(field, reply.json().get("field").asText());
    }

    @Test
    void belowTheCompactionRevisionItIsGoneAndFromItOnAsBefore() {
        JsonNode root = ok("/v1/root?revision=4");
        JsonNode digest = ok("/v1/digest?revision=4");
        JsonNode proof = ok("/v1/proof?revision=4&of=6");
        server.post("/v1/compact", "{\"revision\":4}");
        for (String target : List.of(
                "/v1/root?revision=3",
                "/v1/digest?revision=3",
                "/v1/proof?revision=3",
                "/v1/proof/consistency?from=3&to=5")) {
            HttpReply reply = server.get(target);
            assertEquals(410, reply.status(), reply::toString);
            assertEquals(4, reply.json().get("compacted_revision").asLong());
        }
        assertEquals(root, ok("/v1/root?revision=4"));
        assertEquals(digest, ok("/v1/digest?revision=4"));
        assertEquals(proof, ok("/v1/proof?revision=4&of=6"));
        ok("/v1/proof/consistency?from=4&to=6");
    }
}
