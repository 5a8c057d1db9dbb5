package dev.parley.coordination.embedded;

import java.nio.file.Path;

/** What a look through one or all of ZooKeeper's transaction logs found. Offsets are bytes from the file's start. */
public sealed interface LogVerdict {
    /** Every record is whole, and only zeros follow the last one. */
    record Clean() implements LogVerdict {}

    /** The last record was being written when the process died. It was never acknowledged; nothing follows it. */
    record TornTail(Path file, long offset) implements LogVerdict {}

    /** A record that once was whole is not any more. What it and those behind it said may have been acknowledged. */
    record Damaged(Path file, long offset, String what) implements LogVerdict {}
}
