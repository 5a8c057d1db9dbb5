package dev.parley.http.api;

import dev.parley.store.replica.DamagedTables;
import dev.parley.store.replica.Replica;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a request to its answer, without knowing what carries them. Any thread. */
final class Api {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS");

    private final Router router;
    private final Cors cors;
    private final Replica replica;
    private final String node;
    private final Meters meters;
    private final LongSupplier nanos;
    private final LongAdder faults = new LongAdder();

    Api(Router router, Cors cors, Replica replica, String node, Meters meters, LongSupplier nanos) {
        this.meters = meters;
        this.nanos = nanos;
        this.router = router;
        this.cors = cors;
        this.replica = replica;
        this.node = node;
    }

    /** Requests that ended in a fault of ours. */
    long faults() {
        return faults.sum();
    }

    /** Never throws, but for {@link Request.ClientGone}. */
    Answer answer(Request request) {
        long began = nanos.getAsLong();
        Optional<Router.Match> match = router.find(request.path());
        Optional<String> origin = Optional.empty();
        Answer answer;
        try {
            origin = cors.check(request);
            answer = dispatch(request, match);
        } catch (Problem problem) {
            answer = problem.answer(request.id(), node, request.changes());
        } catch (Request.ClientGone gone) {
            throw gone;
        } catch (DamagedTables damage) {
            answer = Problem.of(ProblemType.NOT_READY, "This node's tables are damaged and are being replaced.")
                    .answer(request.id(), node, request.changes());
        } catch (RuntimeException | StackOverflowError fault) {
            answer = internal(request, fault);
        }
        if (match.isPresent() && match.get().route().agreed() && !answer.isRevisionKnown()) {
            answer.revision(replica.status().revision());
        }
        String route = match.map(found -> found.route().template()).orElse("");
        meters.answered(method(request), route, answer.status(), nanos.getAsLong() - began);
        Answer complete = answer;
        origin.ifPresent(allowed -> Cors.allow(complete, allowed));
        return answer;
    }

    /** The answer to a request that turned out to be malformed when it was to be carried out. */
    Answer refused(Request request, Problem problem) {
        return problem.answer(request.id(), node, request.changes());
    }

    /** Whatever a client makes up is counted as one. */
    private static String method(Request request) {
        return METHODS.contains(request.method()) ? request.method() : "other";
    }

    private static Answer dispatch(Request request, Optional<Router.Match> match) {
        if (request.hasFragment()) {
            throw Problem.of(ProblemType.MALFORMED_PATH, "A number sign in a path must be sent as %23.");
        }
        Router.Match found = match.orElseThrow(
                () -> Problem.of(ProblemType.NO_SUCH_ROUTE, "There is no resource under " + request.path() + "."));
        Route route = found.route();
        Route.Handler handler = route.handlers().get(request.method());
        if (handler != null) {
            return handler.answer(request, found.rest());
        }
        if (route.template().endsWith("<key>")) {
            Keys.ofPath(found.rest()); // a malformed key wins over a wrong method
        }
        if (request.method().equals("OPTIONS")) {
            return Cors.preflight(request, Answer.of(204).header("Allow", route.allow()), route.allow());
        }
        throw Problem.of(ProblemType.METHOD_NOT_ALLOWED, route.template() + " takes " + route.allow() + ".")
                .withHeader("Allow", route.allow());
    }

    private Answer internal(Request request, Throwable fault) {
        faults.increment();
        LOG.atError()
                .addKeyValue("request_id", request.id())
                .addKeyValue("method", request.method())
                .setCause(fault)
                .log("a request ended in a fault");
        return Problem.of(ProblemType.INTERNAL, "The fault is in the node's log under this request_id.")
                .answer(request.id(), node, request.changes());
    }
}
