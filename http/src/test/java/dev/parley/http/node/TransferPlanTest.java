package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.table.Checkpoint.File;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TransferPlanTest {
    private static final File BIG = new File("1.table", 900, "b");
    private static final File SMALL = new File("2.table", 10, "s");
    private static final File SAME_SIZE = new File("3.table", 10, "t");

    private final TransferPlan plan = new TransferPlan();

    @Test
    void whoWasRefusedLeastOftenIsAskedNext() {
        List<String> peers = List.of("a", "b", "c");
        assertEquals(Optional.of("a"), plan.next(peers));
        plan.refused("a");
        assertEquals(Optional.of("b"), plan.next(peers));
        plan.refused("b");
        plan.refused("c");
        assertEquals(Optional.of("a"), plan.next(peers));
        assertEquals(Optional.of("d"), plan.next(List.of("a", "d")));
        assertEquals(Optional.empty(), plan.next(List.of()));
    }

    @Test
    void thePauseGrowsWithRefusalsInARowUpToABound() {
        Duration first = plan.refused("a");
        Duration second = plan.refused("b");
        assertTrue(second.compareTo(first) > 0);
        for (int i = 0; i < 100; i++) {
            plan.refused("a");
        }
        assertEquals(Duration.ofSeconds(2), plan.refused("a"));
        plan.accepted();
        assertEquals(first, plan.refused("a"));
    }

    @Test
    void whatIsThereIsNotFetchedAgainAndSmallFilesComeFirst() {
        assertEquals(List.of(SMALL, SAME_SIZE, BIG), TransferPlan.missing(List.of(BIG, SAME_SIZE, SMALL), f -> false));
        assertEquals(List.of(SMALL), TransferPlan.missing(List.of(BIG, SMALL), BIG::equals));
    }

    @Test
    void thereAreTwoRoundsAndMoreWhileALotIsNewButNotForEver() {
        assertFalse(TransferPlan.isLastRound(1, 0));
        assertTrue(TransferPlan.isLastRound(2, TransferPlan.LAST_ROUND_BYTES_MAX));
        assertFalse(TransferPlan.isLastRound(2, TransferPlan.LAST_ROUND_BYTES_MAX + 1));
        assertTrue(TransferPlan.isLastRound(6, Long.MAX_VALUE));
    }

    @Test
    void aFileThatIsWrongAgainAndAgainIsGivenUp() {
        assertFalse(TransferPlan.givesUp(2));
        assertTrue(TransferPlan.givesUp(3));
    }
}
