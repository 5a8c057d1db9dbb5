package dev.parley.coordination.process.cron;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When a cron expression's ticks are. Pure. */
final class Schedule {
    private static final int FIELDS_WITH_SECONDS = 6;

    private final ExecutionTime times;
    private final ZoneId zone;

    private Schedule(ExecutionTime times, ZoneId zone) {
        this.times = times;
        this.zone = zone;
    }

    /**
     * @param expression five fields from the minute on, or six from the second on
     * @throws IllegalArgumentException when it is none; the message says why
     */
    static Schedule parse(String expression, ZoneId zone) {
        boolean withSeconds = expression.strip().split("\\s+").length == FIELDS_WITH_SECONDS;
        CronType type = withSeconds ? CronType.SPRING53 : CronType.UNIX;
        Cron cron = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type)).parse(expression);
        return new Schedule(ExecutionTime.forCron(cron.validate()), zone);
    }

    /** The first tick after a moment; empty when there is none, as after the last 31 February. */
    Optional<Instant> after(Instant moment) {
        return times.nextExecution(moment.atZone(zone)).map(next -> next.toInstant());
    }

    /** The ticks after {@code from}, up to and including {@code to}; at most {@code most}, the newest of them. */
    List<Instant> between(Instant from, Instant to, int most) {
        List<Instant> ticks = new ArrayList<>();
        for (Optional<Instant> next = after(from);
                next.isPresent() && !next.get().isAfter(to);
                next = after(next.get())) {
            ticks.add(next.get());
            if (ticks.size() > most) {
                ticks.removeFirst();
            }
        }
        return List.copyOf(ticks);
    }
}
