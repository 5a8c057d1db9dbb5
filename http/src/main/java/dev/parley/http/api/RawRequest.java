package dev.parley.http.api;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Keeps a request's target as it was sent. To the server library every request is {@code POST /}, or {@code HEAD /}: a
 * key is the raw rest of the path, and the library would decode, shorten or refuse it ({@code a%2Fb}, {@code a//b},
 * {@code a/../b}, {@code %zz}), and refuse methods it does not know, before any route of ours could answer.
 */
final class RawRequest extends Request.Wrapper {
    private static final HttpURI ROOT = HttpURI.from("/");

    private final HttpFields headers;
    private volatile boolean asSent;

    private RawRequest(Request request) {
        super(request);
        headers = withoutWebSocket(request.getHeaders());
    }

    static final HttpConfiguration.Customizer CUSTOMIZER = (request, responseHeaders) -> new RawRequest(request);

    @Override
    public HttpURI getHttpURI() {
        return ROOT;
    }

    /** The library must know only whether the answer may have a body. */
    @Override
    public String getMethod() {
        return asSent ? getWrapped().getMethod() : getWrapped().getMethod().equals("HEAD") ? "HEAD" : "POST";
    }

    @Override
    public HttpFields getHeaders() {
        return asSent ? getWrapped().getHeaders() : headers;
    }

    /** From now on the library sees method and headers as the client sent them: it makes a WebSocket of the connection. */
    void showAsSent() {
        asSent = true;
    }

    /** Without what would make the library look for a WebSocket. */
    private static HttpFields withoutWebSocket(HttpFields sent) {
        return sent.contains("Sec-WebSocket-Version")
                ? HttpFields.build(sent).remove("Sec-WebSocket-Version").asImmutable()
                : sent;
    }

    /** As the client sent it. */
    Request sent() {
        return getWrapped();
    }
}
