package dev.parley.http.api;

/** What is said of history that is gone. */
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
}
