package dev.parley.store.replica;

/**
 * What is on disk is not what was written there. Nothing of it was used; what did verify is not to be relied on either,
 * because it may lack what the damaged part said. The store must be replaced as a whole.
 */
public final class DamagedTables extends StoreFailure {
    private static final long serialVersionUID = 1;

    public DamagedTables(String message, Throwable cause) {
        super(message, cause);
    }

    public DamagedTables(String message) {
        super(message);
    }
}
