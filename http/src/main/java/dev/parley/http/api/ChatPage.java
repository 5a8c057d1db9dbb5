package dev.parley.http.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** {@code /chat}: a page to chat with. */
final class ChatPage implements Resource {
    private static final String POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
            + " connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final byte[] page = load();

    private static byte[] load() {
        try (InputStream in = ChatPage.class.getResourceAsStream("/chat.html")) {
            if (in == null) {
                throw new IllegalStateException("chat.html is missing in the jar");
            }
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/chat", false).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        request.params(List.of("room", "user"));
        return Answer.of(200)
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Cache-Control", "no-cache")
                .body("text/html; charset=utf-8", page);
    }
}
