package dev.parley.coordination.zklog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the log's root znode says: {@code segment=3 base=2001 trimmed=1500}. One znode, so that one read gives a view
 * that was true at one moment. {@code trimmed} is raised before the first entry up to it is deleted: who misses an entry
 * and then reads a root without a reason for it, knows that the log is broken.
 *
 * @param segment number of the newest segment, from 0
 * @param base index of that segment's first entry
 * @param trimmed entries up to it may be gone; below the newest segment's end
 */
record RootRecord(long segment, long base, long trimmed) {
    private static final Pattern FORM = Pattern.compile("segment=(\\d{1,18}) base=(\\d{1,18}) trimmed=(\\d{1,18})");

    byte[] encode() {
        return ("segment=" + segment + " base=" + base + " trimmed=" + trimmed).getBytes(US_ASCII);
    }

    /** Empty when these bytes are no root record. */
    static Optional<RootRecord> decode(byte[] bytes) {
        Matcher matcher = FORM.matcher(new String(bytes, US_ASCII));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new RootRecord(
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))));
    }

    RootRecord next(long creates) {
        return new RootRecord(segment + 1, base + creates, trimmed);
    }

    RootRecord withTrimmed(long trimmed) {
        return new RootRecord(segment, base, trimmed);
    }
}
