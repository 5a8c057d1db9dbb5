package dev.parley.store.kv;

/**
 * What a client said last of a part of the configuration: which revision of it it runs, or that it refused to run it. As it
 * stands in {@link Keyspace#CONFIG_ACK}.
 *
 * @param revision of the configuration, not of the report
 * @param reason of a refusal; may be empty
 * @param node through which it was reported
 */
public record ConfigAck(
        String client, ConfigScope scope, long revision, boolean applied, String reason, String node, long atMillis) {
    Bytes encode() {
        BinaryWriter out = new BinaryWriter(256);
        out.text(client);
        scope.writeTo(out);
        return out.i64(revision)
                .flag(applied)
                .text(reason)
                .text(node)
                .i64(atMillis)
                .toBytes();
    }

    /** @throws Malformed when the version is none of {@link Keyspace#CONFIG_ACK} */
    public static ConfigAck of(Version.Live version) {
        BinaryReader in = new BinaryReader(version.value());
        return new ConfigAck(in.text(), ConfigScope.read(in), in.i64(), in.flag(), in.text(), in.text(), in.i64());
    }

    /** Keys of everything this client reported. */
    public static KeyRange keysOf(String client) {
        return KeyRange.prefix(Bytes.utf8(client + "/"));
    }

    boolean saysTheSameAs(ConfigAck other) {
        return revision == other.revision && applied == other.applied && reason.equals(other.reason);
    }
}
