package dev.parley.store.kv;

/** What becomes of an instance that ended by itself. The codes are on disk and in the log. */
public enum RestartPolicy {
    /** It is started again, however it ended. */
    PERMANENT(1),
    /** It is started again unless it ended well. */
    TRANSIENT(2),
    /** It is never started again. */
    TEMPORARY(3);

    private final int code;

    RestartPolicy(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static RestartPolicy of(int code) {
        for (RestartPolicy each : values()) {
            if (each.code == code) {
                return each;
            }
        }
        throw new Malformed("no restart policy " + code);
    }
}
