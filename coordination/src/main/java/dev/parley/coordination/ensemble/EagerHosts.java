package dev.parley.coordination.ensemble;

import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.client.StaticHostProvider;

/**
 * Tries the servers in turn as ZooKeeper's own does, but rests only shortly after each round. With one server every
 * attempt is a round, and a second's rest would be most of the time a node is away while the ensemble elects a leader.
 * The client itself waits up to a second at random before each attempt, so nobody is flooded.
 */
final class EagerHosts implements HostProvider {
    private static final long ROUND_REST_MILLIS_MAX = 50;

    private final StaticHostProvider hosts;

    EagerHosts(String connectString) {
        hosts = new StaticHostProvider(new ConnectStringParser(connectString).getServerAddresses());
    }

    @Override
    public int size() {
        return hosts.size();
    }

    @Override
    public InetSocketAddress next(long spinDelay) {
        return hosts.next(Math.min(spinDelay, ROUND_REST_MILLIS_MAX));
    }

    @Override
    public void onConnected() {
        hosts.onConnected();
    }

    @Override
    public boolean updateServerList(Collection<InetSocketAddress> addresses, InetSocketAddress current) {
        return hosts.updateServerList(addresses, current);
    }
}
