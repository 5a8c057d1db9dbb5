package dev.parley.http.api;

/** Reads the ids of leases, which are opaque to clients. */
final class LeaseIds {
    /** No lease was granted by this revision, nor ever will be: what an id that cannot be ours is taken for. */
    static final long NEVER = Numbers.MAX;

    private LeaseIds() {}

    /** @param field the parameter or JSON pointer that holds the id */
    static long idOf(String field, String text) {
        if (text.isEmpty()) {
            throw Problem.of(ProblemType.MALFORMED_PARAMETER, field, "A lease's id must not be empty.");
        }
        return idOf(text);
    }

    static long idOf(String text) {
        return Numbers.parse(text).filter(id -> id > 0).orElse(NEVER);
    }
}
