package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HookResourceTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String hook(String event, String url) {
        return "{\"event\":\"" + event + "\",\"url\":\"" + url + "\"}";
    }

    private static void assertProblem(int status, String name, String field, HttpReply reply) {
        assertEquals(status, reply.status(), reply::toString);
        assertEquals(name, reply.problem(), reply::toString);
        assertEquals("not-applied", reply.json().get("outcome").asText());
        assertEquals(field, reply.json().path("field").asText());
    }

    @Test
    @DisplayName("D4: a hook is stored, shown, changed and removed")
    void aHookIsStoredShownChangedAndRemoved() {
        HttpReply stored =
                server.put("/v1/hooks/a", "{\"event\":\"node_left\",\"url\":\"http://127.0.0.1:9/x\",\"priority\":7}");
        assertEquals(201, stored.status(), stored::toString);
        assertEquals(java.util.Optional.of("/v1/hooks/a"), stored.header("Location"));
        String shown =
                "{\"id\":\"a\",\"event\":\"node_left\",\"url\":\"http://127.0.0.1:9/x\",\"priority\":7,\"revision\":"
                        + server.revision() + "}";
        assertEquals(shown, stored.body());
        assertEquals(shown, server.get("/v1/hooks/a").body());
        assertEquals(
                "[" + shown + "]", server.get("/v1/hooks").json().get("hooks").toString());
        HttpReply changed = server.put("/v1/hooks/a", hook("*", "http://127.0.0.1:9/y"));
        assertEquals(200, changed.status(), changed::toString);
        assertEquals(0, server.get("/v1/hooks/a").json().get("priority").asInt());
        assertEquals(204, server.delete("/v1/hooks/a").status());
        assertProblem(404, "no-such-hook", "", server.delete("/v1/hooks/a"));
        assertEquals("no-such-hook", server.get("/v1/hooks/a").problem());
        assertEquals(0, server.get("/v1/hooks").json().get("hooks").size());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    '{}', /event
                    '{"event":"Node-Left","url":"http://127.0.0.1/"}', /event
                    '{"event":"","url":"http://127.0.0.1/"}', /event
                    '{"event":"*"}', /url
                    '{"event":"*","url":"nowhere"}', /url
                    '{"event":"*","url":"ftp://127.0.0.1/"}', /url
                    '{"event":"*","url":"http://user:word@127.0.0.1/"}', /url
                    '{"event":"*","url":"http://127.0.0.1/","priority":-1}', /priority
                    '{"event":"*","url":"http://127.0.0.1/","priority":1001}', /priority
                    '{"event":"*","url":"http://127.0.0.1/","priority":"high"}', /priority
                    """)
    void whatIsMalformedIsRefused(String body, String field) {
        assertProblem(400, "malformed-field", field, server.put("/v1/hooks/a", body));
        assertEquals(404, server.get("/v1/hooks/a").status());
    }

    @Test
    void aMisspeltFieldIsRefusedAndNamesTheNearest() {
        assertProblem(
                400,
                "unknown-field",
                "/prioritty",
                server.put("/v1/hooks/a", "{\"event\":\"*\",\"url\":\"http://127.0.0.1/\",\"prioritty\":1}"));
        assertEquals(
                400, server.put("/v1/hooks/-a", hook("*", "http://127.0.0.1/")).status());
        assertEquals(405, server.post("/v1/hooks/a", "{}").status());
    }

    @Test
    void aHostThatTheConfigurationDoesNotAllowIsRefusedBeforeAnythingIsStored() {
        HttpReply refused = server.put("/v1/hooks/a", hook("*", "http://metadata.example.org/"));
        assertProblem(422, "host-not-allowed", "/url", refused);
        assertEquals("/url", refused.json().at("/errors/0/field").asText());
        assertEquals(404, server.get("/v1/hooks/a").status());
    }
}
