package dev.parley.coordination.zklog;

import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** Where the znodes of one log lie, and what their names say. Pure. */
record LogPaths(String logs, UUID log) {
    private static final String ENTRY_PREFIX = "e-";
    private static final int DIGITS = 10;

    String root() {
        return logs + "/" + log;
    }

    String segment(long number) {
        return root() + "/" + digits(number);
    }

    /** ZooKeeper puts the sequence behind it. */
    String newEntry(long segment) {
        return segment(segment) + "/" + ENTRY_PREFIX;
    }

    String entry(long segment, long sequence) {
        return newEntry(segment) + digits(sequence);
    }

    /** The sequence in an entry's name, with or without the path; empty for a name that is none of ours. */
    static OptionalInt sequenceOf(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.startsWith(ENTRY_PREFIX) ? number(name.substring(ENTRY_PREFIX.length())) : OptionalInt.empty();
    }

    /** The number in a segment's name; empty for a name that is none of ours. */
    static OptionalLong segmentOf(String name) {
        OptionalInt number = number(name);
        return number.isPresent() ? OptionalLong.of(number.getAsInt()) : OptionalLong.empty();
    }

    /** The segment an entry's path lies in; empty for any other path. */
    OptionalLong segmentOfEntry(String path) {
        int from = root().length() + 1;
        int to = path.lastIndexOf('/');
        return to > from ? segmentOf(path.substring(from, to)) : OptionalLong.empty();
    }

    private static OptionalInt number(String digits) {
        if (digits.length() != DIGITS) {
            return OptionalInt.empty();
        }
        int number = 0;
        for (int i = 0; i < DIGITS; i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > (Integer.MAX_VALUE - digit) / 10) {
                return OptionalInt.empty();
            }
            number = number * 10 + digit;
        }
        return OptionalInt.of(number);
    }

    private static String digits(long number) {
        String plain = Long.toString(number);
        return "0".repeat(DIGITS - plain.length()) + plain;
    }
}
