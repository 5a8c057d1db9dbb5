package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigAckResourceTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpReply report(String client, String scope, long revision, String rest) {
        return server.post(
                "/v1/config-acks",
                "{\"client\":\"" + client + "\"," + scope + ",\"revision\":" + revision + "," + rest + "}");
    }

    private static List<String> clients(String query) {
        HttpReply reply = server.get("/v1/config-acks" + query);
        assertEquals(200, reply.status(), reply::toString);
        List<String> clients = new ArrayList<>();
        reply.json().get("items").forEach(item -> clients.add(item.get("client").asText()));
        return clients;
    }

    @Test
    void whoRunsWhichRevisionIsKeptAndListed() {
        long revision = server.put("/v1/config/app/port", "1").revision();
        HttpReply first = report("app-1", "\"prefix\":\"app/\"", revision, "\"status\":\"applied\"");
        assertEquals(201, first.status(), first::toString);
        assertEquals(
                "{\"client\":\"app-1\",\"prefix\":\"app/\",\"revision\":" + revision + ",\"status\":\"applied\"}",
                first.body());
        assertEquals(revision + 1, first.revision());
        HttpReply again = report("app-1", "\"prefix\":\"app/\"", revision, "\"status\":\"applied\"");
        assertEquals(200, again.status());
        assertEquals(revision + 1, server.revision(), "who repeats itself changes nothing");
        report("app-2", "\"path\":\"app/port\"", revision, "\"status\":\"rejected\",\"reason\":\"too low\"");
        report("app-3", "\"path\":\"app/name\"", revision, "\"status\":\"applied\"");
        JsonNode rejected = server.get("/v1/config-acks?path=app/port&status=rejected")
                .json()
                .get("items");
        assertEquals(1, rejected.size());
        assertEquals("too low", rejected.at("/0/reason").asText());
        assertEquals("app/port", rejected.at("/0/path").asText());
        assertEquals("n1", rejected.at("/0/node").asText());
        assertTrue(rejected.at("/0/at").asText().endsWith("Z"));
        assertEquals(List.of("app-1", "app-2"), clients("?path=app/port"));
        assertEquals(List.of("app-1", "app-2", "app-3"), clients("?prefix=app/"));
        assertEquals(List.of(), clients("?prefix=elsewhere/"));
        assertEquals(List.of("app-3"), clients("?client=app-3"));
    }

    @Test
    void aListComesInPagesThatShowOneSnapshot() {
        for (int i = 0; i < 5; i++) {
            report("page-" + i, "\"prefix\":\"pages/\"", 0, "\"status\":\"applied\"");
        }
        JsonNode first = server.get("/v1/config-acks?prefix=pages/&limit=3").json();
        assertTrue(first.get("more").asBoolean());
        report("page-9", "\"prefix\":\"pages/\"", 0, "\"status\":\"applied\"");
        JsonNode rest = server.get("/v1/config-acks?prefix=pages/&limit=3&after="
                        + first.get("next").asText())
                .json();
        assertFalse(rest.get("more").asBoolean());
        assertEquals(2, rest.get("items").size());
        assertEquals(first.get("revision"), rest.get("revision"));
        assertEquals(400, server.get("/v1/config-acks?after=nonsense").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|/client",
                "{\"client\":\"a b\",\"path\":\"a\",\"revision\":0,\"status\":\"applied\"}|/client",
                "{\"client\":\"c\",\"revision\":0,\"status\":\"applied\"}|''",
                "{\"client\":\"c\",\"path\":\"a\",\"prefix\":\"a\",\"revision\":0,\"status\":\"applied\"}|''",
                "{\"client\":\"c\",\"path\":\"\",\"revision\":0,\"status\":\"applied\"}|/path",
                "{\"client\":\"c\",\"path\":\"a\",\"status\":\"applied\"}|/revision",
                "{\"client\":\"c\",\"path\":\"a\",\"revision\":-1,\"status\":\"applied\"}|/revision",
                "{\"client\":\"c\",\"path\":\"a\",\"revision\":999999,\"status\":\"applied\"}|/revision",
                "{\"client\":\"c\",\"path\":\"a\",\"revision\":0,\"status\":\"maybe\"}|/status",
                "{\"client\":\"c\",\"path\":\"a\",\"revision\":0,\"state\":\"applied\"}|/state"
            })
    void aMalformedReportIsRefusedAndNamesTheField(String body, String field) {
        HttpReply reply = server.post("/v1/config-acks", body);
        assertEquals(400, reply.status(), reply::toString);
        assertEquals("not-applied", reply.json().path("outcome").asText());
        assertEquals(field, reply.json().path("field").asText());
    }

    @Test
    void aMalformedListIsRefused() {
        assertEquals(400, server.get("/v1/config-acks?status=maybe").status());
        assertEquals(400, server.get("/v1/config-acks?client=a/b").status());
        assertEquals(400, server.get("/v1/config-acks?path=a&prefix=b").status());
        assertEquals(400, server.get("/v1/config-acks?pref=b").status());
        assertEquals(405, server.delete("/v1/config-acks").status());
    }

    @Test
    @DisplayName("F2, F7: proposal, vote and commit are told on the channels")
    void proposalVoteAndCommitAreToldOnTheChannels() {
        JsonNode put = server.put("/v1/config/told/a", "1").json();
        String proposal = put.get("proposal").asText();
        List<JsonNode> control = told("control", proposal);
        assertEquals(
                List.of("consensus_req", "consensus_ack"),
                control.stream().map(news -> news.get("type").asText()).toList());
        assertEquals("[\"told/a\"]", control.getFirst().get("paths").toString());
        assertEquals("ack", control.getLast().get("vote").asText());
        List<JsonNode> config = told("config", proposal);
        assertEquals(1, config.size());
        assertEquals("config_updated", config.getFirst().get("type").asText());
        assertEquals(put.get("revision"), config.getFirst().get("revision"));
    }

    private static List<JsonNode> told(String topic, String proposal) {
        List<JsonNode> told = new ArrayList<>();
        server.get("/v1/channels/" + topic + "/messages?limit=1000")
                .json()
                .get("messages")
                .forEach(message -> told.add(message.get("data")));
        return told.stream()
                .filter(news -> news.get("proposal").asText().equals(proposal))
                .toList();
    }
}
