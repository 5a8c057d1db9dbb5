package dev.parley.store.kv;

import java.util.Optional;
import java.util.UUID;

/**
 * Who leads. Its commands carry the epoch and are refused when another is in office.
 *
 * @param epoch index of the entry that gave the office; grows with each
 * @param nonce as sent by the holder, so that it knows its own
 * @param sinceMillis agreed time, for people
 */
public record Office(long epoch, String node, UUID nonce, long sinceMillis) {
    /** Empty when nobody leads: before the first leader, and after the leader was removed from the members. */
    public static Optional<Office> in(MapView view) {
        return view.cell(Cells.OFFICE).map(content -> {
            BinaryReader in = new BinaryReader(content);
            return new Office(in.i64(), in.text(), in.uuid(), in.i64());
        });
    }

    static void put(StateMap map, Office office) {
        map.putCell(
                Cells.OFFICE,
                new BinaryWriter(64)
                        .i64(office.epoch())
                        .text(office.node())
                        .uuid(office.nonce())
                        .i64(office.sinceMillis())
                        .toBytes());
    }

    /** Empty when {@code epoch} is in office; otherwise the refusal of its command. */
    static Optional<Outcome> refusal(MapView view, long epoch) {
        long inOffice = in(view).map(Office::epoch).orElse(0L);
        return inOffice == epoch && epoch != 0
                ? Optional.empty()
                : Optional.of(new Outcome.Superseded("epoch " + epoch + " is not in office, " + inOffice + " is"));
    }
}
