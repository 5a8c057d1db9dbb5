package dev.parley.store.merkle;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * A digest of a set that does not depend on the order in which its elements came and went: the sum of their hashes,
 * each taken as four numbers of 64 bits that overflow. It finds damage and mistakes. It is no proof against somebody
 * who chooses the elements; the tree is.
 */
public record SetDigest(long first, long second, long third, long fourth) {
    /** Of the empty set. */
    public static final SetDigest EMPTY = new SetDigest(0, 0, 0, 0);

    public SetDigest plus(Hash element) {
        SetDigest other = of(element);
        return new SetDigest(first + other.first, second + other.second, third + other.third, fourth + other.fourth);
    }

    /** The element must be in it. */
    public SetDigest minus(Hash element) {
        SetDigest other = of(element);
        return new SetDigest(first - other.first, second - other.second, third - other.third, fourth - other.fourth);
    }

    /** The inverse of {@link #toHash}. */
    public static SetDigest of(Hash hash) {
        ByteBuffer in = ByteBuffer.wrap(hash.unsafeArray());
        return new SetDigest(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /** Its 32 bytes. */
    public Hash toHash() {
        byte[] bytes = new byte[Hash.BYTES];
        ByteBuffer.wrap(bytes).putLong(first).putLong(second).putLong(third).putLong(fourth);
        return Hash.wrap(bytes);
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(toHash().unsafeArray());
    }
}
