package dev.parley.coordination.chat;

import dev.parley.store.chat.RoomRetention;
import dev.parley.store.table.TableConfig;
import java.time.Duration;

/**
 * How much of the rooms is kept, and how it is written.
 *
 * @param patience nothing is given up for so long after a start: before it has heard who is a member, a node would take
 *     itself for alone
 */
public record ChatConfig(RoomRetention retention, Duration patience, TableConfig tables) {
    /** Small memtables: what is in them is in the journal as well, and is read in at a start. */
    public static final ChatConfig DEFAULT = new ChatConfig(
            RoomRetention.DEFAULT,
            Duration.ofSeconds(10),
            TableConfig.DEFAULT
                    .withMemtableBytesMax(16 << 20)
                    .withFlushBytes(4 << 20)
                    .withFlushInterval(Duration.ofSeconds(30))
                    .withFlushLogEntries(50_000)
                    .withMerging(4, 12));
}
