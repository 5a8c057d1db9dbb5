package dev.parley.http.api;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;

/** What it means that the body of a request could not be read. */
final class BodyFailure {
    private BodyFailure() {}

    static RuntimeException of(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException http) {
                return Problem.of(ProblemType.MALFORMED_REQUEST, "The body is malformed: " + http.getReason() + ".");
            }
            if (cause instanceof TimeoutException) {
                return Problem.of(ProblemType.REQUEST_TIMEOUT, "The rest of the body did not arrive in time.");
            }
        }
        return new Request.ClientGone(failure);
    }
}
