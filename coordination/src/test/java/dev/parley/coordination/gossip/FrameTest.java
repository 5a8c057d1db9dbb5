package dev.parley.coordination.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FrameTest {
    @Test
    void everyFrameComesOutAsItWentIn() {
        for (Frame frame : List.of(
                new Frame.Hello("c", new PeerIdentity("n1", new UUID(1, 2))),
                new Frame.Ping(Long.MAX_VALUE),
                new Frame.Pong(7),
                new Frame.Letter(255, Bytes.utf8("hello")),
                new Frame.Letter(0, Bytes.EMPTY))) {
            assertEquals(frame, Frame.decode(frame.encode()));
        }
    }

    @Test
    void whatIsNoFrameIsMalformed() {
        for (byte[] bytes : List.of(new byte[0], new byte[] {9}, new byte[] {2, 0}, new byte[] {1, 0, 9, 'x'})) {
            assertThrows(Malformed.class, () -> Frame.decode(bytes));
        }
    }
}
