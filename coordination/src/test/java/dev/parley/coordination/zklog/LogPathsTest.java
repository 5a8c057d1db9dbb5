package dev.parley.coordination.zklog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LogPathsTest {
    private final LogPaths paths = new LogPaths("/p/log", new UUID(0, 7));
    private final SegmentTable table = new SegmentTable();

    @Test
    void anEntrysNameGivesBackItsPlace() {
        String path = paths.entry(12, 345);
        assertEquals("/p/log/00000000-0000-0000-0000-000000000007/0000000012/e-0000000345", path);
        assertEquals(OptionalInt.of(345), LogPaths.sequenceOf(path));
        assertEquals(OptionalLong.of(12), paths.segmentOfEntry(path));
        assertEquals(OptionalInt.of(Integer.MAX_VALUE), LogPaths.sequenceOf("e-2147483647"));
    }

    @Test
    void aNameThatIsNotOursHasNoPlace() {
        for (String name :
                new String[] {"x", "e-", "e-12", "e--2147483648", "e-9999999999", "e-00000000ab", "f-0000000001"}) {
            assertEquals(OptionalInt.empty(), LogPaths.sequenceOf(name), name);
        }
        assertEquals(OptionalLong.empty(), paths.segmentOfEntry(paths.root()));
        assertEquals(OptionalLong.empty(), paths.segmentOfEntry(paths.segment(3)));
        assertEquals(OptionalLong.empty(), LogPaths.segmentOf("trimmed"));
    }

    @Test
    void recordsAreReadAsWrittenAndNothingElseIs() {
        RootRecord root = new RootRecord(3, 2_001, 1_500);
        assertEquals(Optional.of(root), RootRecord.decode(root.encode()));
        SegmentRecord sealed = new SegmentRecord(2_001, true);
        assertEquals(Optional.of(sealed), SegmentRecord.decode(sealed.encode()));
        SegmentRecord open = new SegmentRecord(2_001, false);
        assertEquals(Optional.of(open), SegmentRecord.decode(open.encode()));
        byte[] other = "segment=3 base=-1 trimmed=0".getBytes(StandardCharsets.US_ASCII);
        assertEquals(Optional.empty(), RootRecord.decode(other));
        assertEquals(Optional.empty(), SegmentRecord.decode(other));
        assertEquals(Optional.empty(), SegmentRecord.decode(new byte[0]));
    }

    @Test
    void anIndexLiesInTheLastSegmentThatBeginsAtOrBeforeIt() {
        table.learn(4, 100);
        table.learn(5, 110);
        table.learn(6, 110); // nobody wrote between two seals
        table.learn(7, 120);
        assertEquals(Optional.empty(), table.locate(99));
        assertEquals(Optional.of(new SegmentTable.Place(4, 100, OptionalLong.of(110))), table.locate(109));
        assertEquals(Optional.of(new SegmentTable.Place(6, 110, OptionalLong.of(120))), table.locate(110));
        assertEquals(Optional.of(new SegmentTable.Place(7, 120, OptionalLong.empty())), table.locate(5_000));
    }

    @Test
    void anIndexBeforeAnUnknownSegmentHasNoKnownPlace() {
        table.learn(4, 100);
        table.learn(6, 120);
        assertEquals(Optional.empty(), table.locate(105));
        table.learn(5, 110);
        assertEquals(Optional.of(new SegmentTable.Place(4, 100, OptionalLong.of(110))), table.locate(105));
    }
}
