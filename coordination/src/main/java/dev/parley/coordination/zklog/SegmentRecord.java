package dev.parley.coordination.zklog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.data.Stat;

/** What a segment's znode says: {@code base=2001} or {@code base=2001 sealed}. */
record SegmentRecord(long base, boolean sealed) {
    /** The version every append checks; sealing raises it. */
    static final int OPEN_VERSION = 0;

    private static final Pattern FORM = Pattern.compile("base=(\\d{1,18})( sealed)?");

    byte[] encode() {
        return ("base=" + base + (sealed ? " sealed" : "")).getBytes(US_ASCII);
    }

    /** Empty when these bytes are no segment record. */
    static Optional<SegmentRecord> decode(byte[] bytes) {
        Matcher matcher = FORM.matcher(new String(bytes, US_ASCII));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new SegmentRecord(Long.parseLong(matcher.group(1)), matcher.group(2) != null));
    }

    /**
     * How many entries were ever created in the segment. ZooKeeper shows clients 2 * creates - children as the
     * cversion, so deletes do not change the sum.
     */
    static long creates(Stat stat) {
        return ((long) stat.getCversion() + stat.getNumChildren()) / 2;
    }
}
