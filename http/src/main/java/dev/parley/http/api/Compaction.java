package dev.parley.http.api;

/** What is said of history that is gone, and of such that is to come. */
final class Compaction {
    private Compaction() {}

    /** @param field the parameter or header that asked for it */
    static Problem problem(String field, long compactedRevision) {
        return Problem.of(
                        ProblemType.COMPACTED,
                        field,
                        "The history begins at revision " + compactedRevision + "; what was before is gone.")
                .with("compacted_revision", compactedRevision);
    }

    static Problem ahead(String field, long newest) {
        return Problem.of(ProblemType.REVISION_ABOVE_NEWEST, field, "The newest revision is " + newest + ".")
                .with("revision", newest);
    }

    static JsonWriter answer(long compactedRevision) {
        JsonWriter json = new JsonWriter(64);
        return json.object()
                .name("compacted_revision")
                .number(compactedRevision)
                .end();
    }
}
