package dev.parley.store.kv;

import java.util.Optional;

/** One path of a proposal. @param json the new value, empty when the path is to be deleted */
public record ConfigChange(Key path, Optional<Bytes> json) {
    public ConfigChange {
        json.ifPresent(Bounds::value);
    }

    void writeTo(BinaryWriter out) {
        out.key(path).flag(json.isPresent());
        json.ifPresent(out::longBytes);
    }

    static ConfigChange read(BinaryReader in) {
        return new ConfigChange(
                in.key(), in.flag() ? Optional.of(in.longBytes(Limits.VALUE_BYTES_MAX)) : Optional.empty());
    }
}
