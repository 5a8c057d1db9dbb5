package dev.parley.coordination.process.cron;

import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Kind.Fault;
import dev.parley.coordination.process.cron.Ledger.Recorded;
import dev.parley.coordination.process.cron.Ledger.Written;
import dev.parley.coordination.process.kind.Arguments;
import dev.parley.coordination.process.kind.ProcessFactory;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Kind {@code cron}: does something at the times of a cron expression. Each tick is claimed in the log before it is run, by a
 * write under its own key that only one can win; what became of it is recorded there.
 */
public final class Cron implements ProcessFactory {
    private static final int TEXT_CHARS_MAX = 256;
    private static final int HISTORY = 100;
    private static final int HISTORY_MAX = 1_000;
    private static final long CATCH_UP_MILLIS = 60_000;
    private static final long DAY_MILLIS = 86_400_000;
    private static final long TIMEOUT_MILLIS = 60_000;

    private final Actions actions;
    private final LongSupplier epochMillis;
    private final Supplier<UUID> ids;

    /**
     * @param epochMillis the wall clock, which says when a tick is due
     * @param ids random
     */
    public Cron(Actions actions, LongSupplier epochMillis, Supplier<UUID> ids) {
        this.actions = actions;
        this.epochMillis = epochMillis;
        this.ids = ids;
    }

    private record Settings(Optional<Plan> plan, Optional<Action> action, List<Fault> faults) {}

    private Settings settings(String json) {
        Arguments arguments = new Arguments(json);
        Optional<String> expression = arguments.text("schedule", TEXT_CHARS_MAX);
        ZoneId zone = zone(arguments);
        Optional<Schedule> schedule = expression.flatMap(text -> schedule(text, zone, arguments));
        boolean retry = arguments.word("unfinished", List.of("skip", "retry")).equals("retry");
        long history = arguments.number("history", HISTORY, 1, HISTORY_MAX);
        long catchUp = arguments.number("catch_up_ms", CATCH_UP_MILLIS, 1_000, DAY_MILLIS);
        long timeout = arguments.number("timeout_ms", TIMEOUT_MILLIS, 100, DAY_MILLIS);
        Optional<Action> action = actions.read(arguments, Duration.ofMillis(timeout));
        return new Settings(
                schedule.map(times -> new Plan(
                        times, Duration.ofMillis(catchUp), retry ? Plan.Unfinished.RETRY : Plan.Unfinished.SKIP, (int)
                                history)),
                action,
                arguments.faults());
    }

    private static ZoneId zone(Arguments arguments) {
        Optional<String> zone = arguments.optionalText("zone", TEXT_CHARS_MAX);
        try {
            return zone.map(ZoneId::of).orElse(ZoneOffset.UTC);
        } catch (DateTimeException unknown) {
            arguments.fault("/zone", "must be a time zone such as Europe/Berlin");
            return ZoneOffset.UTC;
        }
    }

    private static Optional<Schedule> schedule(String text, ZoneId zone, Arguments arguments) {
        try {
            return Optional.of(Schedule.parse(text, zone));
        } catch (IllegalArgumentException malformed) {
            arguments.fault("/schedule", "must be a cron expression: " + malformed.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public String kind() {
        return "cron";
    }

    @Override
    public List<Fault> faults(String argumentsJson) {
        return settings(argumentsJson).faults();
    }

    @Override
    public Work create(Instance instance) {
        Settings settings = settings(instance.assignment().argumentsJson());
        return new Ticking(
                instance,
                settings.plan()
                        .orElseThrow(() ->
                                new IllegalArgumentException(settings.faults().toString())),
                settings.action()
                        .orElseThrow(() ->
                                new IllegalArgumentException(settings.faults().toString())));
    }

    private final class Ticking implements Work {
        private static final Duration NAP = Duration.ofMillis(250);

        private final Instance instance;
        private final Plan plan;
        private final Action action;
        private final Ledger ledger;

        Ticking(Instance instance, Plan plan, Action action) {
            this.instance = instance;
            this.plan = plan;
            this.action = action;
            this.ledger = new Ledger(instance.effects());
        }

        private Instant now() {
            return Instant.ofEpochMilli(epochMillis.getAsLong());
        }

        @Override
        public void run() {
            Instant last = recover();
            while (!instance.isStopping()) {
                for (Instant tick : plan.due(last, now())) {
                    if (!instance.isStopping()
                            && claimAndRun(
                                    Tick.claimed(
                                            tick,
                                            ids.get().toString(),
                                            1,
                                            instance.assignment().token(),
                                            instance.assignment().node()),
                                    0)) {
                        last = tick;
                    }
                }
                instance.pause(untilNext(last));
            }
        }

        /** In naps, because the wall clock may be set. */
        private Duration untilNext(Instant last) {
            Instant now = now();
            Duration wait = plan.schedule()
                    .after(last.isAfter(now) ? last : now)
                    .map(next -> Duration.between(now, next))
                    .orElse(NAP);
            return wait.compareTo(NAP) < 0 && wait.isPositive() ? wait : NAP;
        }

        /** Ends what earlier lives left without an end. @return the newest tick that is recorded, or now */
        private Instant recover() {
            Instant began = now();
            List<Recorded> recorded = records();
            for (Recorded each : recorded) {
                if (each.tick().state() == Tick.State.CLAIMED && !instance.isStopping()) {
                    recover(each);
                }
            }
            return recorded.isEmpty() ? began : recorded.getLast().tick().at();
        }

        private void recover(Recorded left) {
            Tick tick = left.tick();
            if (plan.isRunAgain(tick)) {
                claimAndRun(
                        Tick.claimed(
                                tick.at(),
                                ids.get().toString(),
                                tick.attempt() + 1,
                                instance.assignment().token(),
                                instance.assignment().node()),
                        left.revision());
            } else {
                write(tick.ended(Tick.State.SKIPPED, "its run did not end"), left.revision());
            }
        }

        private List<Recorded> records() {
            while (!instance.isStopping()) {
                try {
                    return ledger.all();
                } catch (Effects.Unavailable later) {
                    instance.say("the history cannot be read: " + later.getMessage());
                    instance.pause(NAP);
                }
            }
            return List.of();
        }

        /** @return false when it is not known yet who has the tick */
        private boolean claimAndRun(Tick tick, long onlyAt) {
            return switch (write(tick, onlyAt)) {
                case Written.Yes(Recorded claim) -> {
                    runClaimed(claim);
                    yield true;
                }
                case Written.Lost lost -> true;
                case Written.Unclear unclear -> false;
            };
        }

        private void runClaimed(Recorded claim) {
            Action.Result result;
            try {
                result = action.run(claim.tick(), instance);
            } catch (RuntimeException failure) {
                result = new Action.Result.Failed(String.valueOf(failure.getMessage()));
            }
            switch (result) {
                case Action.Result.Done(String said) ->
                    write(claim.tick().ended(Tick.State.DONE, said), claim.revision());
                case Action.Result.Failed(String why) -> {
                    instance.say("tick " + claim.tick().at() + " failed: " + why);
                    write(claim.tick().ended(Tick.State.FAILED, why), claim.revision());
                }
                case Action.Result.CutShort cut ->
                    instance.say("tick " + claim.tick().at() + " is cut short");
            }
            forget();
        }

        /** Until it is known whether it is written, or this instance is to stop. */
        private Written write(Tick tick, long onlyAt) {
            while (true) {
                Written written = ledger.write(tick, onlyAt);
                if (!(written instanceof Written.Unclear(String why)) || instance.isStopping()) {
                    return written;
                }
                instance.say("tick " + tick.at() + ": " + why);
                instance.pause(NAP);
            }
        }

        private void forget() {
            if (instance.isStopping()) {
                return;
            }
            try {
                ledger.forget(
                        plan.tooOld(ledger.all().stream().map(Recorded::tick).toList()));
            } catch (Effects.Unavailable later) {
                // The next tick forgets it.
            }
        }
    }
}
