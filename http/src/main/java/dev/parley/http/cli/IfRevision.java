package dev.parley.http.cli;

import java.util.Map;
import picocli.CommandLine.Option;

/** The flag by which a write depends on what was there. */
final class IfRevision {
    private static final long NOT_GIVEN = -1;

    @Option(
            names = "--if-revision",
            paramLabel = "<revision>",
            description = "Only if it was last changed by this revision; 0: only if there is none.")
    Long revision = NOT_GIVEN;

    void addTo(Map<String, String> headers) {
        if (revision == 0) {
            headers.put("If-None-Match", "*");
        } else if (revision > 0) {
            headers.put("If-Match", "\"" + revision + "\"");
        }
    }
}
