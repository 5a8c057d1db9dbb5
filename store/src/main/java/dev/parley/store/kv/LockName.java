package dev.parley.store.kv;

import java.util.Arrays;
import java.util.Optional;

/** A lock, a semaphore or an election by its name; those of different kinds have nothing to do with each other. */
public record LockName(Kind kind, String name) {
    /** A code is written to disk and to the log: never reuse one. */
    public enum Kind {
        LOCK(1, "lock"),
        SEMAPHORE(2, "semaphore"),
        ELECTION(3, "election");

        private final int code;
        private final String text;

        Kind(int code, String text) {
            this.code = code;
            this.text = text;
        }

        int code() {
            return code;
        }

        /** As fences write it. */
        public String text() {
            return text;
        }

        static Optional<Kind> ofText(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.text.equals(text))
                    .findFirst();
        }

        static Kind ofCode(int code) {
            return Arrays.stream(values())
                    .filter(kind -> kind.code == code)
                    .findFirst()
                    .orElseThrow(() -> new Malformed("no kind of lock has code " + code));
        }
    }

    public LockName {
        Bounds.name(name);
    }

    /** Prefix of all grants of it in {@link Keyspace#LOCK}. */
    public Bytes prefix() {
        return Bytes.utf8(kind.text + "/" + name + "/");
    }

    /** Where a grant stands in {@link Keyspace#LOCK}: whoever asks with the same lease and owner asks for this one. */
    public Key grantKey(long lease, String owner) {
        return Key.of(kind.text + "/" + name + "/" + lease + "/" + owner);
    }

    /** The lease in a {@link #grantKey}. */
    public static long leaseOf(Key grantKey) {
        String[] parts = grantKey.toString().split("/", 4);
        return Long.parseLong(parts[2]);
    }

    @Override
    public String toString() {
        return kind.text + "/" + name;
    }
}
