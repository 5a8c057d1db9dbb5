package dev.parley.consistency.cluster;

/** The suite could not do something to the cluster. Says nothing about the cluster's promises. */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterException(String message) {
        super(message);
    }

    public ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
