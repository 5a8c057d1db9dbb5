package dev.parley.coordination.process.kind;

import dev.parley.coordination.process.Effects.Area;
import dev.parley.coordination.process.Effects.Effect;
import dev.parley.coordination.process.Effects.Write;
import dev.parley.coordination.process.Kind.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Kind {@code heartbeat}: counts, and writes the count under its token, so that anybody can see from the key's history which
 * instance lived when. Arguments: {@code key}, {@code interval_ms}. The value is {@code {"count","token","node"}}. The count
 * goes on with the next instance when it was handed over, and begins anew otherwise.
 */
public final class Heartbeat implements ProcessFactory {
    private static final int KEY_CHARS_MAX = 512;
    private static final long INTERVAL_MIN_MILLIS = 10;
    private static final long INTERVAL_MAX_MILLIS = 3_600_000;
    private static final long INTERVAL_MILLIS = 500;

    private record Settings(String key, Duration interval, List<Fault> faults) {}

    private static Settings settings(String json) {
        Arguments arguments = new Arguments(json);
        Optional<String> key = arguments.text("key", KEY_CHARS_MAX);
        key.filter(text -> text.getBytes(StandardCharsets.UTF_8).length > KEY_CHARS_MAX)
                .ifPresent(tooLong -> arguments.fault("/key", "must be at most " + KEY_CHARS_MAX + " bytes"));
        long interval = arguments.number("interval_ms", INTERVAL_MILLIS, INTERVAL_MIN_MILLIS, INTERVAL_MAX_MILLIS);
        return new Settings(key.orElse(""), Duration.ofMillis(interval), arguments.faults());
    }

    @Override
    public String kind() {
        return "heartbeat";
    }

    @Override
    public List<Fault> faults(String argumentsJson) {
        return settings(argumentsJson).faults();
    }

    @Override
    public Work create(Instance instance) {
        return new Beating(instance, settings(instance.assignment().argumentsJson()));
    }

    private static final class Beating implements Work {
        private final Instance instance;
        private final Settings settings;
        private long count;

        Beating(Instance instance, Settings settings) {
            this.instance = instance;
            this.settings = settings;
            this.count = instance.assignment()
                    .handedOver()
                    .map(state -> Long.parseLong(new String(state, StandardCharsets.US_ASCII)))
                    .orElse(0L);
        }

        @Override
        public void run() {
            do {
                count++;
                beat();
            } while (!instance.pause(settings.interval()));
        }

        private void beat() {
            String value = "{\"count\":" + count + ",\"token\":"
                    + instance.assignment().token() + ",\"node\":\""
                    + instance.assignment().node() + "\"}";
            Effect effect = instance.effects()
                    .write(new Write(
                            Area.KEYS,
                            settings.key(),
                            Optional.of(value.getBytes(StandardCharsets.UTF_8)),
                            "application/json",
                            OptionalLong.empty()));
            switch (effect) {
                case Effect.Done done -> {}
                case Effect.Fenced fenced -> throw new Superseded();
                case Effect.Changed changed -> instance.say("beat " + count + " was refused");
                case Effect.Refused(String reason) -> instance.say("beat " + count + " was refused: " + reason);
                case Effect.Unknown unknown -> instance.say("beat " + count + " may or may not be written");
            }
        }

        @Override
        public Optional<byte[]> handOver() {
            return Optional.of(Long.toString(count).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Another instance holds the place. */
    static final class Superseded extends RuntimeException {
        private static final long serialVersionUID = 1;

        Superseded() {
            super("fenced: this instance may not write any more");
        }
    }
}
