package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class InternalResourceTest {
    @Test
    void onlyWhoShowsTheSecretIsAnswered() {
        try (TestServer server = TestServer.start()) {
            assertEquals(403, server.get("/internal/v1/freshness").status());
            HttpReply wrong = server.get("/internal/v1/freshness", "Parley-Cluster-Secret: guess");
            assertEquals(403, wrong.status());
            assertEquals("wrong-secret", wrong.problem());
            assertEquals(
                    200,
                    server.get("/internal/v1/freshness", "Parley-Cluster-Secret: the-secret")
                            .status());
        }
    }
}
