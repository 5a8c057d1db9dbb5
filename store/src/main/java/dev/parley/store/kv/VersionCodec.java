package dev.parley.store.kv;

/**
 * A {@link Version} as the tables keep it. The mod revision is not in the bytes: it is part of the table's own key.
 *
 * <pre>
 *   bytes  field
 *       1  kind: 1 live, 2 tombstone (then nothing follows)
 *       8  create revision
 *       8  version
 *       8  lease, 0 for none
 *       n  content type: a code, and when that is 0 a 2-byte length and UTF-8
 *    rest  value
 * </pre>
 */
public final class VersionCodec {
    private static final int LIVE = 1;
    private static final int TOMBSTONE = 2;

    private static final Bytes ENCODED_TOMBSTONE = Bytes.wrap(new byte[] {TOMBSTONE});

    private VersionCodec() {}

    public static Bytes encode(Version version) {
        return switch (version) {
            case Version.Live live ->
                new BinaryWriter(32 + live.value().size())
                        .u8(LIVE)
                        .i64(live.createRevision())
                        .i64(live.version())
                        .i64(live.lease())
                        .contentType(live.contentType())
                        .raw(live.value().unsafeArray())
                        .toBytes();
            case Version.Tombstone gone -> ENCODED_TOMBSTONE;
        };
    }

    /** @throws Malformed when these bytes are not an encoded version */
    public static Version decode(long modRevision, Bytes encoded) {
        BinaryReader in = new BinaryReader(encoded);
        return switch (in.u8()) {
            case LIVE -> {
                long createRevision = in.i64();
                long version = in.i64();
                long lease = in.i64();
                String contentType = in.contentType();
                yield new Version.Live(createRevision, modRevision, version, lease, contentType, in.rest());
            }
            case TOMBSTONE -> {
                in.expectEnd();
                yield new Version.Tombstone(modRevision);
            }
            default -> throw new Malformed("neither a value nor a tombstone");
        };
    }

    /** Whether {@code encoded} is a tombstone, without decoding it. */
    public static boolean isTombstone(Bytes encoded) {
        return encoded.size() > 0 && encoded.at(0) == TOMBSTONE;
    }
}
