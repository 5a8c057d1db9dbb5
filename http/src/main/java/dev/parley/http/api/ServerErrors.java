package dev.parley.http.api;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server library refuses before a route is reached is a problem like any other. */
final class ServerErrors extends ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ServerErrors.class);

    private final String node;
    private final RequestIds ids;

    ServerErrors(String node, RequestIds ids) {
        this.node = node;
        this.ids = ids;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Throwable cause = (Throwable) request.getAttribute(ERROR_EXCEPTION);
        int status = cause instanceof HttpException http ? http.getCode() : response.getStatus();
        String id = ids.of(request.getHeaders());
        ProblemType type = type(status);
        if (type == ProblemType.INTERNAL) {
            LOG.atError().addKeyValue("request_id", id).setCause(cause).log("the server failed");
        }
        Answer answer = Problem.of(type, detail(type, cause)).answer(id, node, changes(request.getMethod()));
        response.setStatus(answer.status());
        for (int i = 0; i < answer.headers().size(); i += 2) {
            response.getHeaders().put(answer.headers().get(i), answer.headers().get(i + 1));
        }
        response.getHeaders().put("Parley-Node", node);
        response.getHeaders().put(RequestIds.HEADER, id);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
        return true;
    }

    private static boolean changes(String method) {
        return !method.equals("GET") && !method.equals("HEAD") && !method.equals("OPTIONS");
    }

    private static String detail(ProblemType type, Throwable cause) {
        boolean said = type != ProblemType.INTERNAL
                && cause instanceof HttpException http
                && http.getReason() != null
                && !http.getReason().isEmpty();
        return said ? ((HttpException) cause).getReason() + "." : type.title() + ".";
    }

    private static ProblemType type(int status) {
        for (ProblemType type : ProblemType.values()) {
            if (type.status() == status) {
                return type;
            }
        }
        return status < 500 ? ProblemType.MALFORMED_REQUEST : ProblemType.INTERNAL;
    }
}
