package dev.parley.coordination.zklog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Segment 3 begins at 101. */
final class ProbeTest {
    private static final SegmentTable.Place OPEN = new SegmentTable.Place(3, 101, OptionalLong.empty());
    private static final SegmentTable.Place SEALED = new SegmentTable.Place(3, 101, OptionalLong.of(111));

    private static Probe.Finding decide(
            long next, SegmentTable.Place place, OptionalLong creates, boolean looked, RootRecord root) {
        return new Probe(next, place, creates, looked, root).decide();
    }

    private static RootRecord root(long segment, long trimmed) {
        return new RootRecord(segment, 101, trimmed);
    }

    @Test
    void behindTheLastEntryOfTheNewestSegmentIsTheEnd() {
        assertEquals(new Probe.Finding.End(), decide(106, OPEN, OptionalLong.of(5), false, root(3, 0)));
        assertEquals(new Probe.Finding.End(), decide(106, OPEN, OptionalLong.of(5), true, root(3, 0)));
        // A server may be behind what this node saw elsewhere.
        assertEquals(new Probe.Finding.End(), decide(106, OPEN, OptionalLong.of(2), true, root(2, 0)));
    }

    @Test
    void anEntryThatWasCreatedIsAskedFor() {
        assertEquals(new Probe.Finding.Present(107), decide(106, OPEN, OptionalLong.of(6), false, root(3, 0)));
    }

    @Test
    void anEntryThatWasCreatedAndIsNotThereIsAHole() {
        Probe.Finding finding = decide(106, OPEN, OptionalLong.of(6), true, root(3, 105));
        assertEquals(
                "entry-missing",
                assertInstanceOf(Probe.Finding.Broken.class, finding).problem());
    }

    @Test
    void theTrimPointExplainsWhatIsMissing() {
        Probe.Finding trimmed = new Probe.Finding.Trimmed(106);
        assertEquals(trimmed, decide(106, OPEN, OptionalLong.of(6), true, root(3, 106)));
        assertEquals(trimmed, decide(106, SEALED, OptionalLong.empty(), false, root(9, 106)));
    }

    @Test
    void aSegmentGoneAboveTheTrimPointIsBroken() {
        Probe.Finding finding = decide(106, SEALED, OptionalLong.empty(), false, root(9, 105));
        assertEquals(
                "segment-missing",
                assertInstanceOf(Probe.Finding.Broken.class, finding).problem());
    }

    @Test
    void theCountOfASegmentThatWasSealedMeanwhileIsNotTrusted() {
        // Counted 5, then a sixth was created and the segment sealed: going on to the next would skip it.
        assertEquals(new Probe.Finding.OtherSegment(), decide(106, OPEN, OptionalLong.of(5), false, root(4, 0)));
        assertEquals(new Probe.Finding.OtherSegment(), decide(106, OPEN, OptionalLong.of(5), true, root(4, 0)));
        assertEquals(new Probe.Finding.OtherSegment(), decide(106, SEALED, OptionalLong.of(5), false, root(4, 0)));
    }

    @Test
    void aSealedSegmentShorterThanItsSuccessorSaysIsBroken() {
        Probe.Finding finding = decide(106, SEALED, OptionalLong.of(5), true, root(4, 0));
        assertEquals(
                "segment-short",
                assertInstanceOf(Probe.Finding.Broken.class, finding).problem());
    }
}
