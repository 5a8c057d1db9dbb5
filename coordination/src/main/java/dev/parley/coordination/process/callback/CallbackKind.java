package dev.parley.coordination.process.callback;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.callback.Calls.Reply;
import dev.parley.coordination.process.kind.Arguments;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Kind {@code callback}: a service outside of the cluster that is told to start and to stop. It answers the start with the
 * lease under which it lives; the end of the lease is its end. Arguments: {@code url}, {@code timeout_ms}.
 */
public final class CallbackKind implements Kind {
    private static final int URL_CHARS_MAX = 2_048;
    private static final long TIMEOUT_MILLIS = 5_000;
    private static final long TIMEOUT_MIN_MILLIS = 100;
    private static final long TIMEOUT_MAX_MILLIS = 60_000;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Hosts hosts;
    private final Calls calls;
    private final LongPredicate leaseLives;
    private final LongSupplier nanos;

    /**
     * @param leaseLives whether a lease of this id is there, as far as this node knows; true while it knows nothing
     * @param nanos monotonic
     */
    public CallbackKind(Hosts hosts, Calls calls, LongPredicate leaseLives, LongSupplier nanos) {
        this.hosts = hosts;
        this.calls = calls;
        this.leaseLives = leaseLives;
        this.nanos = nanos;
    }

    private record Wanted(String url, Duration timeout, List<Fault> faults) {}

    private Wanted wanted(String json) {
        Arguments arguments = new Arguments(json);
        Optional<String> url = arguments.text("url", URL_CHARS_MAX);
        url.flatMap(hosts::refusal).ifPresent(rule -> arguments.fault("/url", rule));
        long timeout = arguments.number("timeout_ms", TIMEOUT_MILLIS, TIMEOUT_MIN_MILLIS, TIMEOUT_MAX_MILLIS);
        return new Wanted(url.orElse(""), Duration.ofMillis(timeout), arguments.faults());
    }

    @Override
    public String name() {
        return "callback";
    }

    @Override
    public List<Fault> faults(String argumentsJson) {
        return wanted(argumentsJson).faults();
    }

    @Override
    public RunningProcess start(Assignment assignment, Effects effects, LogSink output) {
        Wanted wanted = wanted(assignment.argumentsJson());
        if (!wanted.faults().isEmpty()) {
            throw new StartFault(wanted.faults().getFirst().field() + " "
                    + wanted.faults().getFirst().rule());
        }
        long lease;
        try {
            lease = lease(calls.post(wanted.url(), Message.of("start", assignment), wanted.timeout()));
            awaitLease(lease, wanted.timeout());
        } catch (StartFault failure) {
            takeBack(wanted, assignment);
            throw failure;
        }
        var service = new CalledService(wanted.url(), wanted.timeout(), lease, assignment, calls, nanos, output);
        service.begin(leaseLives);
        return service;
    }

    private static long lease(Reply reply) {
        return switch (reply) {
            case Reply.Nothing(String why) -> throw new StartFault("the service did not answer: " + why);
            case Reply.Answered answer ->
                Message.lease(answer)
                        .orElseThrow(() -> new StartFault("the service answered " + answer.status()
                                + (answer.isGood() ? " without a lease" : "")));
        };
    }

    /** It may have started all the same. Done before the next start, so that the two cannot change places. */
    private void takeBack(Wanted wanted, Assignment assignment) {
        Runnable stop = () -> calls.post(wanted.url(), Message.of("stop", assignment), wanted.timeout());
        if (Thread.currentThread().isInterrupted()) {
            Thread.ofVirtual().start(stop); // there is no next start here
        } else {
            stop.run();
        }
    }

    /** This node may not have heard yet of a lease that another has just granted. */
    private void awaitLease(long lease, Duration atMost) {
        long until = nanos.getAsLong() + atMost.toNanos();
        while (!leaseLives.test(lease)) {
            if (nanos.getAsLong() - until >= 0 || !Pauses.pause(LOOK_AGAIN)) {
                throw new StartFault("there is no lease " + lease);
            }
        }
    }
}
