package dev.parley.http.node;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the nodes say of the live state at one revision.
 *
 * @param registered how many nodes there are, this one among them
 * @param mine this node's digest
 * @param others those of the nodes that answered, by their names
 */
record DigestVote(int registered, String mine, Map<String, String> others) {
    /** The nodes whose state is another one, in the order of their names. */
    List<String> differing() {
        return others.entrySet().stream()
                .filter(other -> !other.getValue().equals(mine))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Whether a majority of all registered nodes agrees on one digest that is not this node's. */
    boolean isOutvoted() {
        return others.values().stream()
                .filter(digest -> !digest.equals(mine))
                .collect(Collectors.groupingBy(digest -> digest, Collectors.counting()))
                .values()
                .stream()
                .anyMatch(votes -> votes > registered / 2);
    }
}
