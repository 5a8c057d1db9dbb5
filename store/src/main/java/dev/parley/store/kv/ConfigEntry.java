package dev.parley.store.kv;

/**
 * A value of the configuration with where it came from, as it stands in {@link Keyspace#CONFIG}.
 *
 * @param proposal that brought it
 * @param node through which it was proposed
 * @param comment as given, empty when none was
 */
public record ConfigEntry(long proposal, String node, String comment, Bytes json) {
    Bytes encode() {
        return new BinaryWriter(64 + json.size())
                .i64(proposal)
                .text(node)
                .text(comment)
                .raw(json.unsafeArray())
                .toBytes();
    }

    /** @throws Malformed when the version is none of {@link Keyspace#CONFIG} */
    public static ConfigEntry of(Version.Live version) {
        BinaryReader in = new BinaryReader(version.value());
        return new ConfigEntry(in.i64(), in.text(), in.text(), in.rest());
    }
}
