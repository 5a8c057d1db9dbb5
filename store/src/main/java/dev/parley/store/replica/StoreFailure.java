package dev.parley.store.replica;

/** The disk or what is on it failed. What the node holds in memory can no longer be trusted to be what is durable. */
public sealed class StoreFailure extends RuntimeException permits DamagedTables {
    private static final long serialVersionUID = 1;

    public StoreFailure(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreFailure(String message) {
        super(message);
    }
}
