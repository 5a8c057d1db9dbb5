package dev.parley.http.api;

/**
 * Every problem the API names, in the order in which statuses win over each other. The name is the end of
 * {@code urn:parley:problem:<name>} and part of the contract.
 */
enum ProblemType {
    MALFORMED_REQUEST(400, "malformed-request", "The request is not well-formed HTTP"),
    MALFORMED_PATH(400, "malformed-path", "The path is malformed"),
    MALFORMED_KEY(400, "malformed-key", "The key is malformed"),
    UNKNOWN_PARAMETER(400, "unknown-parameter", "Unknown query parameter"),
    MALFORMED_PARAMETER(400, "malformed-parameter", "A query parameter is malformed"),
    MALFORMED_HEADER(400, "malformed-header", "A header is malformed"),
    MALFORMED_JSON(400, "malformed-json", "The body is not well-formed JSON"),
    UNKNOWN_FIELD(400, "unknown-field", "Unknown JSON field"),
    MALFORMED_FIELD(400, "malformed-field", "A JSON field is malformed"),
    REVISION_ABOVE_NEWEST(400, "revision-above-newest", "The revision does not exist yet"),
    ORIGIN_NOT_ALLOWED(403, "origin-not-allowed", "Cross-origin access is not allowed"),
    WRONG_SECRET(403, "wrong-secret", "Only nodes of the cluster may ask this"),
    NO_SUCH_ROUTE(404, "no-such-route", "There is nothing under this path"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "The resource does not take this method"),
    REQUEST_TIMEOUT(408, "request-timeout", "The rest of the request did not arrive in time"),
    BODY_TOO_LARGE(413, "body-too-large", "The body is too large"),
    REQUEST_LINE_TOO_LONG(414, "request-line-too-long", "The request line is too long"),
    UNSUPPORTED_TYPE(415, "unsupported-type", "The body's content type is not taken here"),
    EXPECTATION_FAILED(417, "expectation-failed", "The expectation cannot be met"),
    HEADERS_TOO_LARGE(431, "headers-too-large", "The headers are too large"),
    NOT_IMPLEMENTED(501, "not-implemented", "The request needs a feature of HTTP that is not offered"),
    VERSION_NOT_SUPPORTED(505, "version-not-supported", "This version of HTTP is not spoken here"),
    IDEMPOTENCY_KEY_REUSED(422, "idempotency-key-reused", "The Idempotency-Key belongs to another request"),
    RANGE_TOO_LARGE(422, "range-too-large", "The range holds too many keys for one command"),
    ANSWER_TOO_LARGE(422, "answer-too-large", "The answer would be too large"),
    STAMP_TOO_FAR(422, "stamp-too-far", "The stamp is too far ahead"),
    SNAPSHOT_DAMAGED(422, "snapshot-damaged", "The snapshot does not verify"),
    SPECIFICATION_FAULTY(422, "specification-faulty", "The specification breaks its rules"),
    REJECTED(422, "rejected", "The members do not want this value"),
    HOST_NOT_ALLOWED(422, "host-not-allowed", "The node may not send to this host"),
    QUORUM_TOO_LARGE(422, "quorum-too-large", "There are not so many voters"),
    NOT_READY(503, "not-ready", "The node is not ready"),
    NO_LEADER(503, "no-leader", "Nobody leads"),
    NO_QUORUM(503, "no-quorum", "The cluster has no quorum"),
    QUEUE_FULL(503, "queue-full", "The node has too many requests under way"),
    LOG_FULL(503, "log-full", "The log holds as much as it may"),
    TIMED_OUT(503, "timed-out", "The time given ran out"),
    STOPPING(503, "stopping", "The node is stopping"),
    TOO_FEW_VOTES(503, "too-few-votes", "Too few members voted in time"),
    BROKEN(503, "broken", "The node found an invariant broken"),
    DISK_FULL(507, "disk-full", "The disk is nearly full"),
    GUARDED(428, "guarded", "A guard asks for a fence"),
    FENCED(409, "fenced", "The fence is not held"),
    LEASE_NOT_FOUND(409, "lease-not-found", "There is no such lease to tie the key to"),
    LOCK_HELD(409, "lock-held", "The lock is held by others"),
    NOT_HOLDER(409, "not-holder", "Nobody holds it with this token"),
    NAME_TAKEN(409, "name-taken", "The name is in use for something else"),
    PROCESS_IMMOVABLE(409, "process-immovable", "The process cannot be moved"),
    ROLLED_BACK(409, "rolled-back", "The whole batch was taken back"),
    PATH_CONFLICT(409, "path-conflict", "An entry cannot be below another one"),
    SCHEMA_VIOLATED(409, "schema-violated", "Values that are there violate the schema"),
    LIMIT_REACHED(409, "limit-reached", "The cluster holds as many of these as it takes"),
    MEMBER_ALIVE(409, "member-alive", "The member is alive"),
    SUPERSEDED(409, "superseded", "The state changed in the meantime"),
    PRECONDITION_FAILED(412, "precondition-failed", "A precondition does not hold"),
    NO_SUCH_KEY(404, "no-such-key", "There is no such key"),
    NO_SUCH_LEASE(404, "no-such-lease", "There is no such lease"),
    NO_SUCH_PATH(404, "no-such-path", "There is no such entry of the configuration"),
    NO_SUCH_PROPOSAL(404, "no-such-proposal", "There is no such proposal"),
    NO_SUCH_SCHEMA(404, "no-such-schema", "There is no such schema"),
    NO_SUCH_GUARD(404, "no-such-guard", "There is no such guard"),
    NO_SUCH_HOOK(404, "no-such-hook", "There is no such hook"),
    NO_SUCH_MEMBER(404, "no-such-member", "There is no such member"),
    NO_SUCH_PROCESS(404, "no-such-process", "There is no such process"),
    NO_SUCH_LEDGER(404, "no-such-ledger", "There is no such ledger"),
    NO_SUCH_ENTRY(404, "no-such-entry", "There is no such entry"),
    COMPACTED(410, "compacted", "The history does not reach back so far"),
    UNKNOWN_OUTCOME(504, "unknown-outcome", "Nobody knows yet whether it happened"),
    INTERNAL(500, "internal", "The server has a fault");

    static final String URN = "urn:parley:problem:";

    private final int status;
    private final String typeName;
    private final String title;

    ProblemType(int status, String typeName, String title) {
        this.status = status;
        this.typeName = typeName;
        this.title = title;
    }

    int status() {
        return status;
    }

    String typeName() {
        return typeName;
    }

    String title() {
        return title;
    }
}
