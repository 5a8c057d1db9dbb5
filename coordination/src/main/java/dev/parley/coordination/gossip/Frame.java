package dev.parley.coordination.gossip;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;

/** One message on a link. The opener of a connection says hello first, the other answers with its own. */
sealed interface Frame {
    record Hello(String cluster, PeerIdentity self) implements Frame {}

    record Ping(long sequence) implements Frame {}

    record Pong(long sequence) implements Frame {}

    /** @param service for whom it is */
    record Letter(int service, Bytes content) implements Frame {}

    default byte[] encode() {
        BinaryWriter out = new BinaryWriter(64);
        switch (this) {
            case Hello(String cluster, PeerIdentity self) ->
                out.u8(1).text(cluster).text(self.node()).uuid(self.incarnation());
            case Ping(long sequence) -> out.u8(2).i64(sequence);
            case Pong(long sequence) -> out.u8(3).i64(sequence);
            case Letter(int service, Bytes content) -> out.u8(4).u8(service).raw(content.unsafeArray());
        }
        return out.toBytes().unsafeArray();
    }

    /** @throws Malformed when it is none */
    static Frame decode(byte[] message) {
        BinaryReader in = new BinaryReader(Bytes.wrap(message));
        return switch (in.u8()) {
            case 1 -> new Hello(in.text(), new PeerIdentity(in.text(), in.uuid()));
            case 2 -> new Ping(in.i64());
            case 3 -> new Pong(in.i64());
            case 4 -> new Letter(in.u8(), in.rest());
            default -> throw new Malformed("no frame begins so");
        };
    }
}
