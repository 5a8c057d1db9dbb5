package dev.parley.coordination.process.cron;

import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Effects.Area;
import dev.parley.coordination.process.Effects.Effect;
import dev.parley.coordination.process.Effects.Stored;
import dev.parley.coordination.process.Effects.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The records of the ticks. Every write depends on what was there, so a claim is won at most once. One thread. */
final class Ledger {
    private static final String JSON = "application/json";
    private static final int RECORDS_MAX = 2_000;

    private final Effects effects;

    Ledger(Effects effects) {
        this.effects = effects;
    }

    /** A tick with the revision of its record. */
    record Recorded(Tick tick, long revision) {}

    /** What became of a write. */
    sealed interface Written {
        record Yes(Recorded recorded) implements Written {}

        /** Somebody else has written it. */
        record Lost() implements Written {}

        /** Not known, or not now: ask again. */
        record Unclear(String why) implements Written {}
    }

    /** This instance may not write any more. */
    static final class Superseded extends RuntimeException {
        private static final long serialVersionUID = 1;

        Superseded() {
            super("fenced: this instance may not write any more");
        }
    }

    /** Oldest first. Throws {@link Effects.Unavailable}. */
    List<Recorded> all() {
        return effects.list(Area.RECORDS, Tick.PREFIX, RECORDS_MAX).stream()
                .flatMap(stored -> recorded(stored).stream())
                .toList();
    }

    private static Optional<Recorded> recorded(Stored stored) {
        return Tick.decode(stored.value()).map(tick -> new Recorded(tick, stored.modRevision()));
    }

    /**
     * Writes a tick where it is at a revision, 0 when it must not exist. Asked again after {@link Written.Unclear} with the
     * same tick, it finds its own earlier write.
     */
    Written write(Tick tick, long onlyAt) {
        Write write = new Write(Area.RECORDS, tick.key(), Optional.of(tick.encoded()), JSON, OptionalLong.of(onlyAt));
        return switch (effects.write(write)) {
            case Effect.Done(long revision) -> new Written.Yes(new Recorded(tick, revision));
            case Effect.Fenced fenced -> throw new Superseded();
            case Effect.Changed(long revision) -> look(tick);
            case Effect.Refused(String reason) -> new Written.Unclear(reason);
            case Effect.Unknown unknown -> new Written.Unclear("nobody knows whether it was written");
        };
    }

    private Written look(Tick tick) {
        try {
            return effects.read(Area.RECORDS, tick.key())
                    .flatMap(Ledger::recorded)
                    .filter(found -> found.tick().equals(tick))
                    .<Written>map(Written.Yes::new)
                    .orElseGet(Written.Lost::new);
        } catch (Effects.Unavailable later) {
            return new Written.Unclear(later.getMessage());
        }
    }

    /** As far as it goes: what is left is forgotten the next time. */
    void forget(List<Tick> ticks) {
        ticks.forEach(tick ->
                effects.write(new Write(Area.RECORDS, tick.key(), Optional.empty(), JSON, OptionalLong.empty())));
    }
}
