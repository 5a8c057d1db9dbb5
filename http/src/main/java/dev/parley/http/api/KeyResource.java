package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.LeaseId;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Version;
import dev.parley.store.replica.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code /v1/kv/<key>}: one key. */
final class KeyResource implements Resource {
    static final int CONTENT_TYPE_CHARS_MAX = 256;
    static final String TYPE_WHEN_NONE = "application/octet-stream";

    /** What curl sends with {@code -d} when it is told nothing. */
    static final String CURLS_DEFAULT = "application/x-www-form-urlencoded";

    private static final List<String> PUT_PARAMETERS = List.of("lease", "ttl", "timeout");
    private static final List<String> DELETE_PARAMETERS = List.of("timeout");

    private final Replica replica;
    private final LongPoll longPoll;

    KeyResource(Replica replica, LongPoll longPoll) {
        this.replica = replica;
        this.longPoll = longPoll;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/kv/<key>", true)
                .on("GET", this::get)
                .on("PUT", this::put)
                .on("DELETE", this::delete));
    }

    private Answer get(Request request, String rest) {
        Key key = Keys.ofPath(rest);
        ReadLevel level = ReadLevel.of(request.params(ReadLevel.PARAMETERS));
        Conditions conditions = Conditions.of(request);
        Optional<Duration> wait = Preferences.wait(request);
        if (wait.isEmpty() || !conditions.hasIfNoneMatch() || level.revision().isPresent()) {
            try (OpenRead read = level.open(replica)) {
                return evaluate(read, key, conditions);
            }
        }
        return longPoll.await(level, Keyspace.KV, key, conditions, wait.get(), read -> evaluate(read, key, conditions));
    }

    private static Answer evaluate(OpenRead read, Key key, Conditions conditions) {
        Optional<Version.Live> found = read.get(key);
        long modRevision = found.map(Version.Live::modRevision).orElse(0L);
        if (conditions.failsIfMatch(modRevision)) {
            throw read.mark(Problem.of(
                            ProblemType.PRECONDITION_FAILED,
                            "If-Match",
                            modRevision == 0
                                    ? "The key does not exist."
                                    : "The key is at revision " + modRevision + ".")
                    .with("revision", modRevision));
        }
        if (found.isEmpty()) {
            throw read.mark(Problem.of(ProblemType.NO_SUCH_KEY, "There is no key " + key + "."));
        }
        Answer answer = Answer.of(conditions.isKnown(modRevision) ? 304 : 200);
        describe(answer, found.get());
        return read.mark(answer);
    }

    private static void describe(Answer answer, Version.Live version) {
        answer.etag(version.modRevision())
                .header("Parley-Create-Revision", version.createRevision())
                .header("Parley-Version", version.version());
        if (version.lease() != LeaseId.NONE) {
            answer.header("Parley-Lease", version.lease());
        }
        if (answer.status() == 200) {
            answer.body(version.contentType(), version.value().unsafeArray())
                    .header("X-Content-Type-Options", "nosniff")
                    .header("Content-Security-Policy", "sandbox");
        }
    }

    private Answer put(Request request, String rest) {
        Key key = Keys.ofPath(rest);
        Params params = request.params(PUT_PARAMETERS);
        LeaseChoice lease = lease(params);
        Duration timeout = params.timeout();
        Conditions conditions = Conditions.of(request);
        Companions companions = Companions.of(request);
        String contentType = contentType(request);
        Bytes value = request.body(Limits.VALUE_BYTES_MAX);
        Command.Put put = new Command.Put(key, value, contentType, lease, conditions.forWrite());
        return Outcomes.answer(
                replica.submit(companions.submission(put, request, value), timeout), Outcomes.Asked.of(put));
    }

    private Answer delete(Request request, String rest) {
        Key key = Keys.ofPath(rest);
        Params params = request.params(DELETE_PARAMETERS);
        Duration timeout = params.timeout();
        Command.Delete delete = new Command.Delete(key, Conditions.of(request).forWrite());
        Companions companions = Companions.of(request);
        return Outcomes.answer(
                replica.submit(companions.submission(delete, request, Bytes.EMPTY), timeout),
                Outcomes.Asked.of(delete));
    }

    private static LeaseChoice lease(Params params) {
        Optional<Duration> ttl = params.duration("ttl", Limits.LEASE_TTL_MIN, Limits.LEASE_TTL_MAX);
        Optional<String> lease = params.text("lease");
        if (ttl.isPresent() && lease.isPresent()) {
            throw Problem.parameter("ttl", "Give either lease or ttl.");
        }
        if (lease.isPresent()) {
            return new LeaseChoice.Existing(LeaseIds.idOf("lease", lease.get()));
        }
        return ttl.<LeaseChoice>map(LeaseChoice.Own::new).orElseGet(LeaseChoice.None::new);
    }

    private static String contentType(Request request) {
        String type = request.header("Content-Type").orElse("");
        if (type.isEmpty() || request.mediaType().equals(CURLS_DEFAULT)) {
            return TYPE_WHEN_NONE;
        }
        if (!isContentType(type)) {
            throw Problem.header(
                    "Content-Type",
                    "Content-Type must be at most " + CONTENT_TYPE_CHARS_MAX + " printable ASCII characters.");
        }
        return type;
    }

    /** Whether the text can be sent back as a header. */
    static boolean isContentType(String type) {
        return !type.isEmpty()
                && type.length() <= CONTENT_TYPE_CHARS_MAX
                && type.chars().allMatch(unit -> unit >= ' ' && unit < 0x7F);
    }
}
