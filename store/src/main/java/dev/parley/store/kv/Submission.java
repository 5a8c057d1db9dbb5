package dev.parley.store.kv;

import java.util.List;
import java.util.Optional;

/**
 * A command with what came along with it in the request.
 *
 * @param author kept in the history; empty when not given
 * @param idempotency remembered with the answer, so that the same request again is answered, not done again
 * @param fences all must be held when the command is applied
 */
public record Submission(Command command, String author, Optional<Idempotency> idempotency, List<Fence> fences) {
    public Submission {
        Bounds.text("author", author);
        fences = Bounds.list("fences", fences, Limits.FENCES_PER_COMMAND_MAX);
    }

    public static Submission of(Command command) {
        return new Submission(command, "", Optional.empty(), List.of());
    }

    /** @param fingerprint of the whole request: the same key with another fingerprint is refused */
    public record Idempotency(String key, Bytes fingerprint) {
        public Idempotency {
            Bounds.text("Idempotency-Key", key);
            Bounds.size("fingerprint", fingerprint, Limits.FINGERPRINT_BYTES_MAX);
        }
    }

    /** @param kind {@code lock}, {@code semaphore}, {@code election} or {@code process} */
    public record Fence(String kind, String name, long token) {
        public Fence {
            Bounds.text("kind", kind);
            Bounds.text("name", name);
        }
    }
}
