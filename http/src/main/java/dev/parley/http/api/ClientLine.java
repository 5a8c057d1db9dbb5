package dev.parley.http.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Whether the client of a request that waits is still there. The server library reads nothing while a request is served,
 * so it does not notice; this looks at the connection itself. Used by the thread that serves the request, when its
 * body has been read.
 */
final class ClientLine {
    private final Connection connection;
    private boolean sentMore;

    ClientLine(Request request) {
        this.connection = request.getConnectionMetaData().getConnection();
    }

    /** Never blocks. A client that has sent its next request already counts as there. */
    boolean isCut() {
        if (sentMore || !(connection instanceof Connection.UpgradeTo reader)) {
            return false;
        }
        EndPoint endPoint = connection.getEndPoint();
        if (!endPoint.isOpen()) {
            return true;
        }
        ByteBuffer next = BufferUtil.allocate(1);
        try {
            int read = endPoint.fill(next);
            if (read > 0) {
                sentMore = true;
                reader.onUpgradeTo(next); // given back to whom it belongs
            }
            return read < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
