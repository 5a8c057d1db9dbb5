package dev.parley.coordination.zklog;

import java.util.OptionalLong;

/**
 * What a reader saw when an entry was not there at once, and what follows from it. Pure.
 *
 * <p>The order of the looks matters: the segment first, the entry after it, the root last. An entry missing after its
 * segment was seen to have created it is gone; a root read later names the trim point if that is why.
 *
 * @param next the index asked for
 * @param place where it lies, as far as known
 * @param creates entries ever created in the segment; empty when the segment is gone
 * @param looked whether the entry itself was looked for between the two, and was not there
 * @param root what the root said last
 */
record Probe(long next, SegmentTable.Place place, OptionalLong creates, boolean looked, RootRecord root) {

    sealed interface Finding {
        /** It should be there; entries below {@code end} were created. */
        record Present(long end) implements Finding {}

        record End() implements Finding {}

        record Trimmed(long to) implements Finding {}

        /** The table of segments is out of date: load it and ask again. */
        record OtherSegment() implements Finding {}

        record Broken(String problem, String detail) implements Finding {}
    }

    Finding decide() {
        if (root.trimmed() >= next) {
            return new Finding.Trimmed(root.trimmed());
        }
        if (creates.isEmpty()) {
            return new Finding.Broken(
                    "segment-missing",
                    "segment " + place.segment() + " is gone, but trimmed is only " + root.trimmed());
        }
        if (place.sequence(next) < creates.getAsLong()) {
            return created();
        }
        if (root.segment() <= place.segment()) {
            return new Finding.End();
        }
        // The segment is sealed. What was counted above may be older than that, so only the next base tells its end.
        if (place.end().isEmpty() || !looked) {
            return new Finding.OtherSegment();
        }
        return new Finding.Broken(
                "segment-short",
                "segment " + place.segment() + " holds " + creates.getAsLong() + " entries, but the next begins at "
                        + place.end().getAsLong());
    }

    private Finding created() {
        if (looked) {
            return new Finding.Broken(
                    "entry-missing",
                    "entry " + next + " (segment " + place.segment() + ", sequence " + place.sequence(next)
                            + ") was created and is gone or is something else, but trimmed is only "
                            + root.trimmed());
        }
        return new Finding.Present(place.base() + creates.getAsLong());
    }
}
