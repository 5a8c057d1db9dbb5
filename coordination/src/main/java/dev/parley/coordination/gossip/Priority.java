package dev.parley.coordination.gossip;

/** What goes first of all that waits on one connection, most urgent first; within one priority first in, first out. */
public enum Priority {
    PROBE(Lane.CONTROL),
    CONTROL(Lane.CONTROL),
    CONFIG(Lane.CONTROL),
    EVENTS(Lane.CONTROL),
    DATA_PROBE(Lane.DATA),
    CHAT(Lane.DATA),
    TELEMETRY(Lane.DATA),
    DATA(Lane.DATA),
    BULK(Lane.DATA);

    private final Lane lane;

    Priority(Lane lane) {
        this.lane = lane;
    }

    public Lane lane() {
        return lane;
    }
}
