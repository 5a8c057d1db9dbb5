package dev.parley.coordination;

import dev.parley.coordination.ensemble.ConnectionConfig;
import dev.parley.coordination.ensemble.Ensemble;
import dev.parley.coordination.ensemble.EnsembleConnection;
import java.time.Duration;

/** Connections with short sessions. */
public final class TestConnections {
    public static final ConnectionConfig CONFIG =
            new ConnectionConfig("/parley/test", "secret", Duration.ofMillis(3_000));

    private TestConnections() {}

    public static EnsembleConnection open(String connectString) {
        EnsembleConnection connection = EnsembleConnection.open(new Ensemble.External(connectString), CONFIG);
        if (!connection.awaitConnected(20_000)) {
            connection.close();
            throw new AssertionError("no connection to " + connectString);
        }
        return connection;
    }

    /** Ends the connection's session as its timeout would. */
    public static void expire(EnsembleConnection connection) {
        try {
            connection
                    .curator()
                    .getZookeeperClient()
                    .getZooKeeper()
                    .getTestable()
                    .injectSessionExpiration();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
