package dev.parley.http.api;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What goes back to the client, before the headers that every answer has. Filled by one thread. */
final class Answer {
    static final String JSON = "application/json";
    static final String NDJSON = "application/x-ndjson";
    static final String REVISION = "Parley-Revision";

    /** Writes a body whose size is not known before; the answer is under way when it is called. Always closed. */
    interface Stream extends AutoCloseable {
        void writeTo(OutputStream out) throws IOException;

        @Override
        void close();
    }

    private static final byte[] NOTHING = {};

    private final int status;
    private final List<String> headers = new ArrayList<>(16);
    private byte[] body = NOTHING;
    private Optional<Stream> stream = Optional.empty();
    private Optional<SocketHandler> socket = Optional.empty();
    private boolean revisionKnown;

    private Answer(int status) {
        this.status = status;
    }

    static Answer of(int status) {
        return new Answer(status);
    }

    static Answer json(int status, JsonWriter json) {
        return of(status).body(JSON, json.toBytes());
    }

    Answer header(String name, String value) {
        headers.add(name);
        headers.add(value);
        revisionKnown |= name.equals(REVISION);
        return this;
    }

    Answer header(String name, long value) {
        return header(name, Long.toString(value));
    }

    /** The store revision that the answer reflects. */
    Answer revision(long revision) {
        return header(REVISION, revision);
    }

    Answer etag(long modRevision) {
        return header("ETag", "\"" + modRevision + "\"");
    }

    Answer body(String contentType, byte[] content) {
        header("Content-Type", contentType);
        body = content;
        return this;
    }

    Answer stream(String contentType, Stream content) {
        header("Content-Type", contentType);
        stream = Optional.of(content);
        return this;
    }

    /** The connection becomes a WebSocket. @throws Problem when the request does not ask for one properly */
    static Answer socket(Request request, SocketHandler handler) {
        Sockets.requireHandshake(request);
        Answer answer = of(101);
        answer.socket = Optional.of(handler);
        return answer;
    }

    int status() {
        return status;
    }

    /** Names and values in turn. */
    List<String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    Optional<Stream> stream() {
        return stream;
    }

    Optional<SocketHandler> socket() {
        return socket;
    }

    boolean isRevisionKnown() {
        return revisionKnown;
    }
}
