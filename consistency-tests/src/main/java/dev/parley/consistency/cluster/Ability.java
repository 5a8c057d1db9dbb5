package dev.parley.consistency.cluster;

/** What a runner can do to its cluster. */
public enum Ability {
    /** Kill, stop, start, pause and resume nodes. */
    PROCESS,
    /** Cut nodes off from each other. */
    NETWORK,
    /** Shift a node's clock. */
    CLOCK,
    /** Wipe and damage what is on a node's disk. */
    DISK,
    /** Fill a node's disk. */
    SMALL_DISK,
    /** Let nodes join and leave. */
    MEMBERSHIP
}
