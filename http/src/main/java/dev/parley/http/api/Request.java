package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;

/** One request, as it was sent. Used by the thread that serves it. */
final class Request {
    /** What is read and thrown away of a body nobody wants, so that the client can read the answer. */
    private static final long DISCARDED_BYTES_MAX = 16 << 20;

    private static final long BODY_NANOS_MAX = 60_000_000_000L;

    /** The client is gone: there is nobody to answer. */
    static final class ClientGone extends RuntimeException {
        private static final long serialVersionUID = 1;

        ClientGone(Throwable cause) {
            super(cause);
        }
    }

    private final String method;
    private final HttpURI target;
    private final HttpFields headers;
    private final Body body;
    private final LongSupplier nanos;
    private final String id;
    private final BooleanSupplier clientGone;
    private final RequestLimits limits;
    private boolean bodyTouched;

    /** Opens the body; the client is told to send it when it asked. */
    @FunctionalInterface
    interface Body {
        InputStream open() throws IOException;
    }

    Request(
            String method,
            HttpURI target,
            HttpFields headers,
            Body body,
            String id,
            LongSupplier nanos,
            RequestLimits limits,
            BooleanSupplier clientGone) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
        this.id = id;
        this.nanos = nanos;
        this.clientGone = clientGone;
        this.limits = limits;
    }

    /** Whether the client hung up. Costs a look at the connection; only when the body has been read. */
    boolean isClientGone() {
        return clientGone.getAsBoolean();
    }

    RequestLimits limits() {
        return limits;
    }

    String method() {
        return method;
    }

    String id() {
        return id;
    }

    /** Whether the request may change something. */
    boolean changes() {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE" -> false;
            default -> true;
        };
    }

    /** Raw, from the first slash on, without the query. */
    String path() {
        return Optional.ofNullable(target.getPath()).orElse("");
    }

    /** A number sign cannot be sent in a request's target; what follows it would be lost. */
    boolean hasFragment() {
        return target.getFragment() != null;
    }

    /** Raw, without the question mark; empty when there is none. */
    String query() {
        return Optional.ofNullable(target.getQuery()).orElse("");
    }

    Params params(Collection<String> known) {
        return Params.parse(query(), known);
    }

    /** The value of a header that comes at most once. */
    Optional<String> header(String name) {
        String found = null;
        for (HttpField field : headers) {
            if (field.is(name)) {
                if (found != null) {
                    throw Problem.header(name, "The header " + name + " was sent more than once.");
                }
                found = Optional.ofNullable(field.getValue()).orElse("");
            }
        }
        return Optional.ofNullable(found);
    }

    /** Every line of a header, in the order sent. */
    List<String> headerLines(String name) {
        return headers.contains(name) ? headers.getValuesList(name) : List.of();
    }

    boolean hasHeader(String name) {
        return headers.contains(name);
    }

    /** The type without parameters, in lower case; empty when there is none. */
    String mediaType() {
        String type = header("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(java.util.Locale.ROOT);
    }

    private boolean hasBody() {
        return headers.getLongField("Content-Length") > 0 || headers.contains("Transfer-Encoding");
    }

    /** The whole body. @throws Problem 413 when it is larger than {@code most}, or than what is configured */
    Bytes body(int most) {
        int bytesMax = Math.min(most, limits.requestBytes());
        if (!hasBody()) {
            return Bytes.EMPTY;
        }
        long announced = headers.getLongField("Content-Length");
        if (announced > bytesMax) {
            throw tooLarge(bytesMax);
        }
        return Bytes.wrap(readBody(announced >= 0 ? (int) announced : -1, bytesMax));
    }

    private byte[] readBody(int announced, int bytesMax) {
        long deadline = nanos.getAsLong() + BODY_NANOS_MAX;
        byte[] bytes = new byte[announced >= 0 ? announced : 8 << 10];
        int size = 0;
        InputStream in = bodyStream();
        try {
            while (true) {
                if (size == announced) {
                    return bytes;
                }
                if (size == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(bytes.length * 2L, bytesMax + 1L));
                }
                int read = in.read(bytes, size, bytes.length - size);
                if (read < 0) {
                    return Arrays.copyOf(bytes, size);
                }
                size += read;
                if (size > bytesMax) {
                    throw tooLarge(bytesMax);
                }
                if (nanos.getAsLong() - deadline > 0) {
                    throw Problem.of(ProblemType.REQUEST_TIMEOUT, "The body took longer than 60s to arrive.");
                }
            }
        } catch (IOException failure) {
            throw BodyFailure.of(failure);
        }
    }

    /** The body, to be read as it comes. */
    InputStream bodyStream() {
        bodyTouched = true;
        try {
            return body.open();
        } catch (IOException failure) {
            throw BodyFailure.of(failure);
        }
    }

    private static Problem tooLarge(int bytesMax) {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "The body must have at most " + bytesMax + " bytes.");
    }

    /**
     * Reads the rest of the body and throws it away, within bounds. A client that waits for leave to send its body is
     * not asked for it.
     *
     * @return false when there may be more of it, so that the connection cannot serve another request
     */
    boolean discardBody() {
        if (!hasBody()) {
            return true;
        }
        boolean awaitsLeave = !bodyTouched && headers.contains("Expect", "100-continue");
        if (awaitsLeave || headers.getLongField("Content-Length") > DISCARDED_BYTES_MAX) {
            return false;
        }
        long deadline = nanos.getAsLong() + BODY_NANOS_MAX;
        byte[] waste = new byte[64 << 10];
        long total = 0;
        try {
            InputStream in = bodyStream();
            for (int read = in.read(waste); read >= 0; read = in.read(waste)) {
                total += read;
                if (total > DISCARDED_BYTES_MAX || nanos.getAsLong() - deadline > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException | RuntimeException failure) {
            return false; // the answer is known already; whether the client can still read it is up to the client
        }
    }
}
