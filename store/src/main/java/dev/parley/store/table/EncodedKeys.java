package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The keys of tables, in unsigned byte order. One table holds three families, told apart by the first byte.
 *
 * <pre>
 *   version   01  keyspace  key bytes (never 00)  00  (2^63 - 1 - revision), 8 bytes, so that the newest comes first
 *   revision  02  revision, 8 bytes
 *   cell      03  name
 * </pre>
 */
final class EncodedKeys {
    static final byte VERSION = 1;
    static final byte REVISION = 2;
    static final byte CELL = 3;

    /** Longest name of a system cell; with it every key fits a node of a table. */
    static final int CELL_NAME_BYTES_MAX = 2048;

    private static final int REVISION_BYTES = Long.BYTES;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private EncodedKeys() {}

    /** Of a version; also where to look for the newest version at or below {@code revision}. */
    static byte[] version(Keyspace keyspace, Key key, long revision) {
        byte[] user = key.bytes().unsafeArray();
        byte[] encoded = new byte[user.length + 3 + REVISION_BYTES];
        encoded[0] = VERSION;
        encoded[1] = keyspace.code();
        System.arraycopy(user, 0, encoded, 2, user.length);
        LONG.set(encoded, user.length + 3, Long.MAX_VALUE - revision);
        return encoded;
    }

    static long revisionOf(byte[] version) {
        return Long.MAX_VALUE - (long) LONG.get(version, version.length - REVISION_BYTES);
    }

    /** The same version key, but at another revision. */
    static byte[] atRevision(byte[] version, long revision) {
        byte[] other = version.clone();
        LONG.set(other, other.length - REVISION_BYTES, Long.MAX_VALUE - revision);
        return other;
    }

    static Key keyOf(byte[] version) {
        return new Key(Bytes.wrap(Arrays.copyOfRange(version, 2, version.length - REVISION_BYTES - 1)));
    }

    /** Whether two version keys name the same user key. */
    static boolean sameKey(byte[] one, byte[] other) {
        return one.length == other.length
                && Arrays.equals(one, 0, one.length - REVISION_BYTES, other, 0, one.length - REVISION_BYTES);
    }

    /** How many bytes of an encoded key name what it is about: of a version all but the revision. */
    static int subjectLength(byte[] encoded) {
        return encoded[0] == VERSION ? encoded.length - REVISION_BYTES : encoded.length;
    }

    /**
     * Where keys at or above {@code bound} begin. No key has a byte 00, so of a bound with one only what is before it
     * counts: the keys below it are those up to and including that part.
     */
    static byte[] versionBound(Keyspace keyspace, Bytes bound) {
        byte[] user = bound.unsafeArray();
        int zero = indexOfZero(user);
        byte[] encoded = new byte[2 + Math.min(zero + 1, user.length)];
        encoded[0] = VERSION;
        encoded[1] = keyspace.code();
        System.arraycopy(user, 0, encoded, 2, zero);
        if (zero < user.length) {
            encoded[2 + zero] = 1;
        }
        return encoded;
    }

    static byte[] endOfKeyspace(Keyspace keyspace) {
        return new byte[] {VERSION, (byte) (keyspace.code() + 1)};
    }

    /** Behind every version of the key of {@code version}, and before any other key. */
    static byte[] behindKey(byte[] version) {
        byte[] end = Arrays.copyOf(version, version.length - REVISION_BYTES);
        end[end.length - 1] = 1;
        return end;
    }

    /** Before every version of the key of {@code version}, and behind any other key. */
    static byte[] beforeKey(byte[] version) {
        return Arrays.copyOf(version, version.length - REVISION_BYTES);
    }

    static byte[] revision(long revision) {
        byte[] encoded = new byte[1 + REVISION_BYTES];
        encoded[0] = REVISION;
        LONG.set(encoded, 1, revision);
        return encoded;
    }

    static long recordedRevision(byte[] encoded) {
        return (long) LONG.get(encoded, 1);
    }

    static byte[] cell(Bytes name) {
        if (name.size() > CELL_NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a cell's name must be at most " + CELL_NAME_BYTES_MAX + " bytes, was " + name.size());
        }
        byte[] encoded = new byte[1 + name.size()];
        encoded[0] = CELL;
        System.arraycopy(name.unsafeArray(), 0, encoded, 1, name.size());
        return encoded;
    }

    static Bytes cellName(byte[] encoded) {
        return Bytes.wrap(Arrays.copyOfRange(encoded, 1, encoded.length));
    }

    /** The first encoded key that does not start with {@code prefix}, which starts with a family's byte. */
    static byte[] endOfPrefix(byte[] prefix) {
        int last = prefix.length - 1;
        while (prefix[last] == (byte) 0xFF) {
            last--;
        }
        byte[] end = Arrays.copyOf(prefix, last + 1);
        end[last]++;
        return end;
    }

    private static int indexOfZero(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return bytes.length;
    }
}
