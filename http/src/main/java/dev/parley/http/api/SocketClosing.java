package dev.parley.http.api;

/** A WebSocket connection must end. */
final class SocketClosing extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final int STOPPING = 1001;
    static final int UNSUPPORTED = 1003;
    static final int POLICY = 1008;
    static final int OVERLOADED = 1013;

    private final int code;

    SocketClosing(int code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    String reason() {
        return getMessage();
    }
}
