package dev.parley.http.api;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.LongSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.ee10.servlet.ServletContextResponse;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries requests from Javalin to the API and answers back. The headers that every answer has are added here. */
final class Edge {
    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

    private final Api api;
    private final HttpField node;
    private final RequestIds ids;
    private final LongSupplier nanos;
    private final Sockets sockets;
    private final RequestLimits limits;

    Edge(Api api, String node, RequestIds ids, LongSupplier nanos, RequestLimits limits, Sockets sockets) {
        this.sockets = sockets;
        this.api = api;
        this.node = new HttpField("Parley-Node", node);
        this.ids = ids;
        this.nanos = nanos;
        this.limits = limits;
    }

    void serve(Context context) {
        ServletContextRequest servlet = ServletContextRequest.getServletContextRequest(context.req());
        RawRequest raw = org.eclipse.jetty.server.Request.as(servlet, RawRequest.class);
        org.eclipse.jetty.server.Request sent = raw.sent();
        HttpFields headers = sent.getHeaders();
        Request request = new Request(
                sent.getMethod(),
                sent.getHttpURI(),
                headers,
                context.req()::getInputStream,
                ids.of(headers),
                nanos,
                limits,
                new ClientLine(sent)::isCut);
        try {
            Answer answer = api.answer(request);
            if (answer.socket().isPresent()) {
                upgrade(context, raw, request, answer);
            } else {
                send(context, request, answer);
            }
        } catch (Request.ClientGone | IOException gone) {
            LOG.atDebug().addKeyValue("request_id", request.id()).setCause(gone).log("the client went away");
            cut(sent);
        }
    }

    private void upgrade(Context context, RawRequest raw, Request request, Answer answer) throws IOException {
        HttpFields.Mutable headers = headersOf(context);
        headers.add(node);
        headers.add(RequestIds.HEADER, request.id());
        if (!sockets.upgrade(context, raw, answer.socket().orElseThrow())) {
            headers.clear();
            send(context, request, api.refused(request, Problem.header("Upgrade", "The handshake is malformed.")));
        }
    }

    private void send(Context context, Request request, Answer answer) throws IOException {
        boolean mayGoOn = answer.stream().isPresent() || request.discardBody();
        HttpFields.Mutable headers = headersOf(context);
        context.res().setStatus(answer.status());
        headers.remove(HttpHeader.CONTENT_TYPE); // the one Javalin sets for everybody
        add(headers, answer.headers());
        headers.add(node);
        headers.add(RequestIds.HEADER, request.id());
        TraceParent.of(request).ifPresent(trace -> headers.add("traceparent", trace));
        if (!mayGoOn) {
            headers.put(HttpHeader.CONNECTION, "close");
        }
        if (answer.stream().isPresent()) {
            stream(context, request, answer.stream().get());
        } else {
            whole(context, request, answer);
        }
    }

    /** Not by way of the servlet's headers, which rewrite content types. */
    private static HttpFields.Mutable headersOf(Context context) {
        return ServletContextResponse.getServletContextResponse(context.res())
                .getWrapped()
                .getHeaders();
    }

    private static void add(HttpFields.Mutable headers, List<String> namesAndValues) {
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            headers.add(namesAndValues.get(i), namesAndValues.get(i + 1));
        }
    }

    private static void whole(Context context, Request request, Answer answer) throws IOException {
        if (answer.status() == 204 || answer.status() == 304) {
            return;
        }
        context.res().setContentLength(answer.body().length);
        if (!request.method().equals("HEAD")) {
            context.res().getOutputStream().write(answer.body());
        }
    }

    private void stream(Context context, Request request, Answer.Stream stream) throws IOException {
        try (stream) {
            if (!request.method().equals("HEAD")) {
                OutputStream out = context.res().getOutputStream();
                stream.writeTo(out);
            }
        } catch (RuntimeException fault) {
            // The status is sent already: only an unfinished body can tell the client.
            LOG.atError()
                    .addKeyValue("request_id", request.id())
                    .setCause(fault)
                    .log("an answer could not be finished");
            throw new IOException(fault);
        }
    }

    private static void cut(org.eclipse.jetty.server.Request sent) {
        sent.getConnectionMetaData().getConnection().getEndPoint().close();
    }
}
