package dev.parley.store.kv;

/** Part of the configuration: one path, or all paths that begin with a prefix. @param text of at most 1,024 bytes */
public record ConfigScope(boolean isPrefix, Bytes text) {
    public ConfigScope {
        Bounds.size(isPrefix ? "prefix" : "path", text, Key.SIZE_BYTES_MAX);
    }

    public static ConfigScope path(Key path) {
        return new ConfigScope(false, path.bytes());
    }

    public static ConfigScope prefix(Bytes prefix) {
        return new ConfigScope(true, prefix);
    }

    /** The paths that belong to it. */
    public KeyRange range() {
        return isPrefix ? KeyRange.prefix(text) : KeyRange.single(new Key(text));
    }

    void writeTo(BinaryWriter out) {
        out.flag(isPrefix).shortBytes(text.unsafeArray());
    }

    static ConfigScope read(BinaryReader in) {
        return new ConfigScope(in.flag(), in.shortBytes());
    }
}
