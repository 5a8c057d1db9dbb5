package dev.parley.consistency.watch;

import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A file of watch cases: what clients received, the true log, and often the verdict to expect. */
public final class WatchCases {
    private WatchCases() {}

    /**
     * One judged case.
     *
     * @param breaches what was found, the first decisive
     * @param expected whether it should be valid, when the case says so
     */
    public record Judged(
            String name, List<WatchValidators.Breach> breaches, Optional<Boolean> expected, String expectedGuarantee) {
        public boolean valid() {
            return breaches.isEmpty();
        }

        /** Whether the verdict, and the guarantee that broke where one is named, are as expected. */
        public boolean asExpected() {
            boolean sameVerdict = expected.map(valid -> valid == valid()).orElse(true);
            String wanted = expectedGuarantee.toLowerCase(Locale.ROOT);
            return sameVerdict
                    && (valid()
                            || wanted.isEmpty()
                            || wanted.endsWith(breaches.getFirst().guarantee().plain()));
        }
    }

    /** Judges every case of the file. */
    public static List<Judged> judge(String source, Json file) {
        Json cases = file instanceof Json.Obj object ? object.get("cases") : file;
        if (!(cases instanceof Json.Array(List<Json> items))) {
            throw new MalformedHistoryException(source + ": no list of cases");
        }
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            judged.add(one(source + ": case " + (i + 1), WatchReport.object(items.get(i))));
        }
        return judged;
    }

    private static Judged one(String where, Json.Obj watchCase) {
        String name = WatchReport.text(watchCase.get("name"));
        if (!(watchCase.get("reports") instanceof Json.Array(List<Json> reports))) {
            throw new MalformedHistoryException(where + ": no list of reports");
        }
        PersistedLog log = PersistedLog.of(where, WatchReport.array(watchCase.get("persistedRequests")));
        boolean unique =
                WatchReport.isTrue(WatchReport.object(watchCase.get("config")).get("expectRevisionUnique"));
        WatchValidators validators = new WatchValidators(log, unique);
        List<WatchValidators.Breach> breaches = new ArrayList<>();
        for (Json report : reports) {
            List<WatchReport> watches = WatchReport.array(
                            WatchReport.object(report).get("watch"))
                    .stream()
                    .map(watch -> WatchReport.of(where, watch))
                    .toList();
            breaches.addAll(validators.judge(watches));
        }
        Json.Obj expected = WatchReport.object(watchCase.get("expected"));
        Optional<Boolean> valid =
                expected.get("valid") instanceof Json.Bool(boolean value) ? Optional.of(value) : Optional.empty();
        return new Judged(name, breaches, valid, WatchReport.text(expected.get("guarantee")));
    }
}
