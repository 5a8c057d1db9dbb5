package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.LockCommand;
import dev.parley.store.kv.LockName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads what somebody asks of a lock from JSON.
 *
 * @param patience how long the request waits for it
 */
record LockBody(LockCommand.Acquire command, Duration patience) {
    static final Duration WAIT_MAX = Duration.ofMinutes(5);

    private static final List<String> LOCK_FIELDS = List.of("owner", "lease", "ttl", "wait", "mode");
    private static final List<String> SEMAPHORE_FIELDS = List.of("owner", "lease", "ttl", "wait", "permits", "limit");
    private static final List<String> ELECTION_FIELDS =
            List.of("candidate", "lease", "ttl", "wait", "value", "value_base64");

    private record Share(int permits, int limit) {
        static final Share ALL = new Share(Limits.PERMITS_MAX, Limits.PERMITS_MAX);
    }

    static LockBody of(LockName name, JsonObject body) {
        body.only(
                switch (name.kind()) {
                    case LOCK -> LOCK_FIELDS;
                    case SEMAPHORE -> SEMAPHORE_FIELDS;
                    case ELECTION -> ELECTION_FIELDS;
                });
        boolean election = name.kind() == LockName.Kind.ELECTION;
        String owner = owner(body, election ? "candidate" : "owner");
        LeaseChoice lease = lease(body);
        Duration wait = duration(body, "wait", Duration.ZERO, WAIT_MAX).orElse(Duration.ZERO);
        Share share =
                switch (name.kind()) {
                    case LOCK -> mode(body);
                    case SEMAPHORE -> permits(body);
                    case ELECTION -> Share.ALL;
                };
        Bytes value = election && (body.has("value") || body.has("value_base64")) ? value(body) : Bytes.EMPTY;
        return new LockBody(
                new LockCommand.Acquire(name, owner, lease, share.permits(), share.limit(), value, wait.isPositive()),
                wait);
    }

    private static String owner(JsonObject body, String field) {
        String owner = body.requiredText(field);
        if (owner.isEmpty() || owner.length() > Limits.OWNER_CHARS_MAX || owner.indexOf('\0') >= 0) {
            throw Problem.field(
                    body.pointer(field),
                    field + " must have 1 to " + Limits.OWNER_CHARS_MAX + " characters and no U+0000.");
        }
        return owner;
    }

    private static LeaseChoice lease(JsonObject body) {
        if (body.has("lease") == body.has("ttl")) {
            throw Problem.field(body.pointer("lease"), "Exactly one of lease and ttl must be given.");
        }
        if (body.has("lease")) {
            String id = body.requiredText("lease");
            if (id.isEmpty()) {
                throw Problem.field(body.pointer("lease"), "A lease's id must not be empty.");
            }
            return new LeaseChoice.Existing(LeaseIds.idOf(id));
        }
        return new LeaseChoice.Own(duration(body, "ttl", Limits.LEASE_TTL_MIN, Limits.LEASE_TTL_MAX)
                .orElseThrow());
    }

    private static Optional<Duration> duration(JsonObject body, String field, Duration min, Duration max) {
        return body.text(field).map(text -> Durations.parse(text)
                .filter(given -> given.compareTo(min) >= 0 && given.compareTo(max) <= 0)
                .orElseThrow(() -> Problem.field(
                        body.pointer(field),
                        field + " must be a whole number and a unit, " + Durations.format(min) + " to "
                                + Durations.format(max) + ".")));
    }

    private static Share mode(JsonObject body) {
        String mode = body.text("mode").orElse("exclusive");
        return switch (mode) {
            case "exclusive" -> Share.ALL;
            case "shared" -> new Share(1, Limits.PERMITS_MAX);
            default -> throw Problem.field(body.pointer("mode"), "mode must be exclusive or shared.");
        };
    }

    private static Share permits(JsonObject body) {
        int limit = body.number("limit", 1, Limits.PERMITS_MAX)
                .orElseThrow(() -> body.missing("limit"))
                .intValue();
        return new Share(body.number("permits", 1, limit).orElse(1L).intValue(), limit);
    }

    static Bytes value(JsonObject body) {
        return bounded(body.value(), body.pointer("value"));
    }

    static Bytes bounded(Bytes value, String field) {
        if (value.size() > Limits.CANDIDATE_VALUE_BYTES_MAX) {
            throw Problem.of(
                    ProblemType.BODY_TOO_LARGE,
                    field,
                    "A candidate's value must have at most " + Limits.CANDIDATE_VALUE_BYTES_MAX + " bytes.");
        }
        return value;
    }
}
