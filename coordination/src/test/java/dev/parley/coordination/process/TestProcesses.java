package dev.parley.coordination.process;

import dev.parley.coordination.process.Assignment.Intensity;
import dev.parley.store.kv.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Assignments, kinds and effects for tests. */
public final class TestProcesses {
    /** Must not be used. */
    public static final Effects NO_EFFECTS = new Effects() {
        @Override
        public Effect write(Write write) {
            throw new AssertionError("wrote " + write);
        }

        @Override
        public Optional<Stored> read(Area area, String key) {
            throw new AssertionError("read " + key);
        }

        @Override
        public List<Stored> list(Area area, String prefix, int limit) {
            throw new AssertionError("listed " + prefix);
        }
    };

    private TestProcesses() {}

    public static Assignment assignment(String name, String kind, String json, long token, RestartPolicy restart) {
        return assignment(name, kind, json, token, restart, Duration.ofSeconds(30));
    }

    public static Assignment assignment(
            String name, String kind, String json, long token, RestartPolicy restart, Duration startTimeout) {
        return assignment(name, kind, json, token, restart, startTimeout, 5);
    }

    public static Assignment assignment(
            String name,
            String kind,
            String json,
            long token,
            RestartPolicy restart,
            Duration startTimeout,
            int restarts) {
        return new Assignment(
                name,
                kind,
                json,
                token,
                "n1",
                restart,
                new Intensity(restarts, Duration.ofSeconds(2)),
                startTimeout,
                Duration.ofSeconds(30),
                Optional.empty(),
                Map.of());
    }

    /** The same with a state that was handed over. */
    public static Assignment handing(Assignment assignment, byte[] state) {
        return new Assignment(
                assignment.name(),
                assignment.kind(),
                assignment.argumentsJson(),
                assignment.token(),
                assignment.node(),
                assignment.restart(),
                assignment.intensity(),
                assignment.startTimeout(),
                assignment.stopTimeout(),
                Optional.of(state),
                assignment.metadata());
    }

    public static Kinds only(Kind kind) {
        return new Kinds() {
            @Override
            public Optional<Kind> named(String name) {
                return Optional.of(kind).filter(known -> known.name().equals(name));
            }

            @Override
            public Set<String> names() {
                return Set.of(kind.name());
            }
        };
    }
}
