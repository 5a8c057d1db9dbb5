package dev.parley.consistency.checker;

import java.util.List;

/**
 * One thing a check found.
 *
 * @param kind short name, such as {@code not-linearizable} or {@code G1a}
 * @param key what it is about; empty when it is about the whole history
 * @param sentence the explanation for a person
 * @param lines lines of the history it is about, the decisive one first
 */
public record Finding(String kind, String key, String sentence, List<Integer> lines) {
    public Finding {
        lines = List.copyOf(lines);
    }

    public Finding(String kind, String key, String sentence, int... lines) {
        this(kind, key, sentence, java.util.Arrays.stream(lines).boxed().toList());
    }
}
