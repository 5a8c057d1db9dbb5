package dev.parley.http.cli.bench;

import java.nio.ByteBuffer;

/** One request as it goes out, in pieces, so that a large one needs no large buffer. */
interface Outgoing {
    /** The next bytes to send; without any when everything was. Valid until the next call. */
    ByteBuffer piece();

    /** How many operations a success counts for. */
    int operations();

    /** One that fits one buffer. */
    record Whole(ByteBuffer bytes, int operations) implements Outgoing {
        @Override
        public ByteBuffer piece() {
            return bytes;
        }
    }
}
