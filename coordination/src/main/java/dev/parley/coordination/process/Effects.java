package dev.parley.coordination.process;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an instance does through Parley. Every write carries the token of the assignment, and is checked when it is
 * applied: once the process is placed elsewhere, or is to stop, it is refused. Any thread; each call blocks until it is
 * answered, at most five seconds.
 */
public interface Effects {
    /** Writes a value, or takes it away. */
    Effect write(Write write);

    /** The value as of now, linearizable; throws {@link Unavailable} when it cannot be told now. */
    Optional<Stored> read(Area area, String key);

    /** At most {@code limit} keys that begin with the prefix, in order; linearizable. Throws {@link Unavailable}. */
    List<Stored> list(Area area, String prefix, int limit);

    /** Whose keys. */
    enum Area {
        /** Those of clients, as under {@code /v1/kv}. */
        KEYS,
        /** The process's own records: only it writes them, they outlive its moves, and go with its specification. */
        RECORDS
    }

    /**
     * @param key as of a client, or the id of a record: 1 to 512 bytes
     * @param value empty for a deletion; at most 1,000,000 bytes
     * @param contentType of the value
     * @param onlyAt the modification revision the key must have at that moment, 0 when it must not exist; empty: any
     */
    record Write(Area area, String key, Optional<byte[]> value, String contentType, OptionalLong onlyAt) {
        public static Write of(Area area, String key, byte[] value) {
            return new Write(area, key, Optional.of(value), "application/octet-stream", OptionalLong.empty());
        }

        public Write onlyAt(long revision) {
            return new Write(area, key, value, contentType, OptionalLong.of(revision));
        }
    }

    /** A value that was read. */
    record Stored(String key, byte[] value, String contentType, long modRevision) {}

    /** What became of a write. */
    sealed interface Effect {
        /** It happened. */
        record Done(long revision) implements Effect {}

        /** It did not happen: this instance may not write any more. It should end. */
        record Fenced() implements Effect {}

        /** It did not happen: the key is not at {@link Write#onlyAt}. @param modRevision 0 when there is none */
        record Changed(long modRevision) implements Effect {}

        /** It did not happen, and may when tried again; or never, as the reason says. */
        record Refused(String reason) implements Effect {}

        /** Nobody knows whether it happened. */
        record Unknown() implements Effect {}
    }

    /** Nothing could be read now. */
    final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Unavailable(String message) {
            super(message);
        }
    }
}
