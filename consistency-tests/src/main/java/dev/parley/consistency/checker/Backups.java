package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;
import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether backups hold what they promise. Operations are {@code add}, {@code change} and {@code delete} of keys, with values
 * that are written once and, where it is known, their {@code revision}; {@code backup}, completed with
 * {@code {archive, revision}}; and {@code restored}, with what was found in one of these archives.
 */
public final class Backups implements Checker {

    @Override
    public Verdict check(History history, Limits limits) {
        Map<String, BackupKey> keys = new LinkedHashMap<>();
        Map<Json, Operation> backups = new HashMap<>();
        List<Operation> restored = new ArrayList<>();
        for (Operation operation : Operations.pair(history)) {
            switch (operation.f()) {
                case "add", "change", "delete" ->
                    keys.computeIfAbsent(operation.key(), BackupKey::new).add(operation);
                case "backup" -> {
                    if (operation.ok()) {
                        backups.put(BackupContent.member(operation.output(), "archive"), operation);
                    }
                }
                case "restored" -> restored.add(operation);
                default ->
                    throw new MalformedHistoryException(
                            "line " + operation.invokedLine() + ": the model backup has no operation " + operation.f());
            }
        }
        List<Finding> findings = new ArrayList<>();
        List<Json> looked = new ArrayList<>();
        for (Operation operation : restored) {
            if (operation.ok()) {
                BackupContent content = new BackupContent(operation);
                looked.add(content.archive());
                findings.addAll(new Judge(of(backups, content), content).judge(keys));
            }
        }
        Map<String, Json> facts =
                Map.of("backups", Json.of(backups.size()), "backups_restored", Json.of(looked.size()));
        return Verdict.of(findings, facts).and(evidence(restored, looked));
    }

    private static Operation of(Map<Json, Operation> backups, BackupContent content) {
        Operation backup = backups.get(content.archive());
        if (backup == null) {
            throw new MalformedHistoryException("line " + content.line() + ": no backup made the archive "
                    + content.archive().text());
        }
        return backup;
    }

    /** What could not be looked at is not known to be right. */
    private static Verdict evidence(List<Operation> restored, List<Json> looked) {
        for (Operation operation : restored) {
            if (!operation.ok() && !looked.contains(operation.input())) {
                String why = operation.result().get("err") instanceof Json.Text(String err) ? ": " + err : "";
                return Verdict.unknown(new Finding(
                        "not-restored",
                        "",
                        "Archive " + operation.input().text() + " was not brought to life" + why + ".",
                        operation.line()));
            }
        }
        return looked.isEmpty()
                ? Verdict.unknown(new Finding("no-evidence", "", "No backup was restored."))
                : Verdict.valid();
    }

    /** Holds one archive against everything that was written. */
    private static final class Judge {
        /** By how much a restored store is ahead of its backup at least, so that no revision is ever given twice. */
        private static final long GAP = 1L << 32;

        private final Operation backup;
        private final BackupContent content;
        private final Map<String, Finding> first = new LinkedHashMap<>();
        private final Map<String, Integer> more = new HashMap<>();

        Judge(Operation backup, BackupContent content) {
            this.backup = backup;
            this.content = content;
        }

        List<Finding> judge(Map<String, BackupKey> keys) {
            if (!content.damage().isEmpty()) {
                find("damaged", "", "whose answer ended well, is damaged: " + content.damage());
                return findings();
            }
            long revision = BackupContent.whole(backup.output(), "revision");
            keys.values().forEach(key -> key.judge(backup, revision, content.item(key.name()))
                    .ifPresent(fault -> find(fault.kind(), key.name(), fault.sentence(), fault.line())));
            content.strangers(keys.keySet()).stream()
                    .findFirst()
                    .ifPresent(key -> find("unexpected", key, "holds key " + key + ", which nobody ever wrote"));
            content.difference()
                    .ifPresent(key -> find(
                            "differs",
                            key,
                            "holds " + content.shown(key) + " for key " + key + " where the cluster shows "
                                    + content.shownByCluster(key) + " at its revision " + revision));
            if (content.revision() < revision + GAP) {
                find(
                        "revision-again",
                        "",
                        "was restored to revision " + content.revision() + ", of revision " + revision);
            }
            return findings();
        }

        /** Of each kind the first, and how many more there are: a backup that lacks one write lacks many. */
        private void find(String kind, String key, String sentence, int... lines) {
            if (first.containsKey(kind)) {
                more.merge(kind, 1, Integer::sum);
                return;
            }
            List<Integer> all = new ArrayList<>(List.of(content.line(), backup.line()));
            for (int line : lines) {
                all.add(line);
            }
            first.put(
                    kind, new Finding(kind, key, "Archive " + content.archive().text() + " " + sentence, all));
        }

        private List<Finding> findings() {
            return first.values().stream()
                    .map(finding -> {
                        int others = more.getOrDefault(finding.kind(), 0);
                        String sentence = finding.sentence() + (others == 0 ? "." : "; and " + others + " more keys.");
                        return new Finding(finding.kind(), finding.key(), sentence, finding.lines());
                    })
                    .toList();
        }
    }
}
