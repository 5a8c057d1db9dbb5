package dev.parley.http.api;

import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Answers requests to watch something, as a stream or a long poll. @param silenceMax a bookmark comes after it */
record WatchDesk(Replica replica, Watches watches, Ambient ambient, Duration silenceMax) {
    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(30);
    private static final Duration WAIT_MAX = Duration.ofMinutes(5);

    /** How long a long poll waits; empty for a stream. */
    static Optional<Duration> wait(Request request, Params params) {
        Optional<Duration> wait = params.duration("wait", Duration.ZERO, WAIT_MAX);
        if (wantsJson(request)) {
            return wait.or(() -> Optional.of(WAIT_DEFAULT));
        }
        if (wait.isPresent()) {
            throw Problem.parameter("wait", "wait is for a long poll, with Accept: application/json.");
        }
        return Optional.empty();
    }

    /** Of the two forms the one that {@code Accept} names first; the stream when it names none. */
    private static boolean wantsJson(Request request) {
        String accept = String.join(",", request.headerLines("Accept")).toLowerCase(Locale.ROOT);
        int json = accept.indexOf(Answer.JSON);
        int stream = accept.indexOf(WatchResource.EVENT_STREAM);
        return json >= 0 && (stream < 0 || json < stream);
    }

    /**
     * @param read the state the feed begins with, closed by the caller
     * @param wait as {@link #wait} says
     * @param snapshot comes first on a stream; the feed begins behind it
     */
    Answer answer(
            Request request,
            OpenRead read,
            WatchedRange range,
            WatchFeed feed,
            Optional<Duration> wait,
            Optional<WatchSnapshot> snapshot) {
        if (wait.isPresent()) {
            return new WatchPoll(replica, watches, ambient, range, feed).answer(wait.get());
        }
        WatchStream.Parts parts = new WatchStream.Parts(replica, watches, ambient, silenceMax, request::isClientGone);
        return read.mark(Answer.of(200)).header("Cache-Control", "no-store").header("X-Accel-Buffering", "no").stream(
                WatchResource.EVENT_STREAM, new WatchStream(parts, range, feed, snapshot));
    }
}
