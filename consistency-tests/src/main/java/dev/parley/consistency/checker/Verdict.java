package dev.parley.consistency.checker;

import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outcome of a check.
 *
 * @param findings violations, or the reasons why nothing is known; the first one first
 * @param facts numbers and lists worth showing, by name
 */
public record Verdict(Answer answer, List<Finding> findings, Map<String, Json> facts) {
    /** More findings than this help nobody. */
    static final int MAX_FINDINGS = 100;

    public Verdict {
        findings = List.copyOf(findings.size() > MAX_FINDINGS ? findings.subList(0, MAX_FINDINGS) : findings);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    public static Verdict valid() {
        return new Verdict(Answer.VALID, List.of(), Map.of());
    }

    public static Verdict valid(Map<String, Json> facts) {
        return new Verdict(Answer.VALID, List.of(), facts);
    }

    public static Verdict invalid(List<Finding> findings) {
        return new Verdict(Answer.INVALID, findings, Map.of());
    }

    public static Verdict unknown(Finding reason) {
        return new Verdict(Answer.UNKNOWN, List.of(reason), Map.of());
    }

    /** Invalid when there are findings. */
    static Verdict of(List<Finding> findings, Map<String, Json> facts) {
        return new Verdict(findings.isEmpty() ? Answer.VALID : Answer.INVALID, findings, facts);
    }

    /** Both checks together. Findings of the worse answer come first. */
    public Verdict and(Verdict other) {
        boolean otherFirst = other.answer == answer.and(other.answer) && answer != other.answer;
        List<Finding> all = new ArrayList<>(otherFirst ? other.findings : findings);
        all.addAll(otherFirst ? findings : other.findings);
        Map<String, Json> facts = new LinkedHashMap<>(this.facts);
        facts.putAll(other.facts);
        return new Verdict(answer.and(other.answer), all, facts);
    }
}
