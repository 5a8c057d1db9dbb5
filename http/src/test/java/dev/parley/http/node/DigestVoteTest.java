package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DigestVoteTest {
    @Test
    void nodesThatAgreeDoNotDiffer() {
        DigestVote vote = new DigestVote(3, "a", Map.of("n2", "a", "n3", "a"));
        assertEquals(List.of(), vote.differing());
        assertFalse(vote.isOutvoted());
    }

    @Test
    void oneThatDiffersIsNamedAndOutvotesNobody() {
        DigestVote vote = new DigestVote(3, "a", Map.of("n2", "b", "n3", "a"));
        assertEquals(List.of("n2"), vote.differing());
        assertFalse(vote.isOutvoted());
    }

    @Test
    void aMajorityOfAllThatAreRegisteredOutvotes() {
        assertTrue(new DigestVote(3, "a", Map.of("n2", "b", "n3", "b")).isOutvoted());
        assertTrue(new DigestVote(5, "a", Map.of("n2", "b", "n3", "b", "n4", "b")).isOutvoted());
    }

    @Test
    void theOtherHalfOrNodesThatDoNotAgreeOrAreAwayOutvoteNobody() {
        assertFalse(new DigestVote(2, "a", Map.of("n2", "b")).isOutvoted());
        assertFalse(new DigestVote(4, "a", Map.of("n2", "b", "n3", "b")).isOutvoted());
        assertFalse(new DigestVote(3, "a", Map.of("n2", "b", "n3", "c")).isOutvoted());
        assertFalse(new DigestVote(5, "a", Map.of("n2", "b", "n3", "b")).isOutvoted());
        assertFalse(new DigestVote(3, "a", Map.of()).isOutvoted());
    }
}
