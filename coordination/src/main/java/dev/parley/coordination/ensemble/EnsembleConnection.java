package dev.parley.coordination.ensemble;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.coordination.embedded.JvmSettings;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/**
 * One session with the ensemble at a time, kept alive by Curator. Recipes use {@link #curator()}; the log uses the raw
 * handle it is given as a {@link SessionListener}, because Curator's retries may store an entry twice.
 *
 * <p>Any thread. Opening does not wait for the ensemble.
 */
public final class EnsembleConnection implements AutoCloseable {
    private static final int CONNECTION_TIMEOUT_MILLIS = 10_000;

    private final ConnectionConfig config;
    private final List<ACL> acl;
    private final Object lock = new Object();
    private final List<SessionListener> listeners = new ArrayList<>();
    private final CuratorFramework curator;

    // Guarded by lock.
    private Handle current = Handle.NONE;
    private long session;
    private long sessionId;
    private boolean connected;
    private Duration sessionTimeout;

    private EnsembleConnection(Ensemble ensemble, ConnectionConfig config) {
        this.config = config;
        this.sessionTimeout = config.sessionTimeout();
        // ZooKeeper asks the list whether it contains null, which List.of does not answer.
        this.acl = Collections.singletonList(new ACL(ZooDefs.Perms.ALL, digest(config.secret())));
        this.curator = CuratorFrameworkFactory.builder()
                .connectString(ensemble.connectString())
                .sessionTimeoutMs((int) config.sessionTimeout().toMillis())
                .connectionTimeoutMs(CONNECTION_TIMEOUT_MILLIS)
                .retryPolicy(new BoundedExponentialBackoffRetry(50, 1_000, 5))
                .ensembleTracker(false)
                .dontUseContainerParents()
                .aclProvider(new NamespaceAcl(config.namespace(), acl))
                .zookeeperFactory(new HandleFactory())
                .zkClientConfig(clientConfig())
                .build();
    }

    /** Starts connecting and returns at once. */
    public static EnsembleConnection open(Ensemble ensemble, ConnectionConfig config) {
        JvmSettings.apply();
        EnsembleConnection connection = new EnsembleConnection(ensemble, config);
        connection.curator.start();
        return connection;
    }

    /** Everything below the configured namespace: use {@link #path}. */
    public CuratorFramework curator() {
        return curator;
    }

    /** The absolute path of {@code below}, which starts with a slash. */
    public String path(String below) {
        return config.namespace() + below;
    }

    /** What every znode of the cluster is created with. */
    public List<ACL> acl() {
        return acl;
    }

    /** The same for the cluster's znodes; open for those above its namespace. */
    public List<ACL> aclFor(String path) {
        return new NamespaceAcl(config.namespace(), acl).getAclForPath(path);
    }

    /** Whether it is right now; for people, as it may have changed on return. */
    public boolean isConnected() {
        synchronized (lock) {
            return connected;
        }
    }

    /** How long this node may be silent, as the ensemble granted it; before the first session, as was asked for. */
    public Duration sessionTimeout() {
        synchronized (lock) {
            return sessionTimeout;
        }
    }

    /** @return false when no ensemble answered in that time */
    public boolean awaitConnected(long timeoutMillis) {
        try {
            return curator.blockUntilConnected((int) Math.min(timeoutMillis, Integer.MAX_VALUE), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** From now on told what happens; first, at once, that it is connected, if it is. */
    public void addListener(SessionListener listener) {
        synchronized (lock) {
            listeners.add(listener);
            if (connected) {
                listener.connected(current.zooKeeper(), session);
            }
        }
    }

    /** No call arrives after the return, unless made from within one. */
    public void removeListener(SessionListener listener) {
        synchronized (lock) {
            listeners.remove(listener);
        }
    }

    /** Ends the session: ephemeral znodes vanish at once. May be called twice. */
    @Override
    public void close() {
        synchronized (lock) {
            becomeDisconnected();
            current = Handle.NONE;
        }
        curator.close();
    }

    private void onEvent(Handle handle, WatchedEvent event) {
        if (event.getType() != Watcher.Event.EventType.None) {
            return;
        }
        synchronized (lock) {
            if (handle != current) {
                return;
            }
            switch (event.getState()) {
                case SyncConnected -> becomeConnected(handle.zooKeeper());
                case Disconnected, Expired, Closed, AuthFailed -> becomeDisconnected();
                default -> {} // read-only and SASL are not used
            }
        }
    }

    private void becomeConnected(ZooKeeper zooKeeper) {
        if (zooKeeper.getSessionId() != sessionId) {
            sessionId = zooKeeper.getSessionId();
            session++;
        }
        connected = true;
        sessionTimeout = Duration.ofMillis(zooKeeper.getSessionTimeout());
        for (SessionListener listener : List.copyOf(listeners)) {
            listener.connected(zooKeeper, session);
        }
    }

    private void becomeDisconnected() {
        if (connected) {
            connected = false;
            for (SessionListener listener : List.copyOf(listeners)) {
                listener.disconnected();
            }
        }
    }

    /** A handle, known to its own watcher from the moment it is made. */
    private record Handle(CompletableFuture<ZooKeeper> made) {
        static final Handle NONE = new Handle(new CompletableFuture<>());

        ZooKeeper zooKeeper() {
            return made.join();
        }
    }

    /** Makes handles whose events reach this class first, on ZooKeeper's own thread, and Curator after it. */
    private final class HandleFactory implements ZookeeperFactory {
        @Override
        public ZooKeeper newZooKeeper(
                String connectString, int sessionTimeoutMillis, Watcher curatorWatcher, boolean canBeReadOnly)
                throws Exception {
            return newZooKeeper(connectString, sessionTimeoutMillis, curatorWatcher, canBeReadOnly, clientConfig());
        }

        @Override
        public ZooKeeper newZooKeeper(
                String connectString,
                int sessionTimeoutMillis,
                Watcher curatorWatcher,
                boolean canBeReadOnly,
                ZKClientConfig clientConfig)
                throws Exception {
            Handle handle = new Handle(new CompletableFuture<>());
            synchronized (lock) {
                becomeDisconnected();
                current = handle;
            }
            Watcher watcher = event -> {
                onEvent(handle, event);
                curatorWatcher.process(event);
            };
            ZooKeeper made = new ZooKeeper(
                    connectString, sessionTimeoutMillis, watcher, false, new EagerHosts(connectString), clientConfig);
            made.addAuthInfo("digest", credentials(config.secret()).getBytes(UTF_8));
            handle.made().complete(made);
            return made;
        }
    }

    /** What lies above this cluster's namespace is shared with other clusters and other secrets. */
    private record NamespaceAcl(String namespace, List<ACL> own) implements ACLProvider {
        @Override
        public List<ACL> getDefaultAcl() {
            return own;
        }

        @Override
        public List<ACL> getAclForPath(String path) {
            return path.equals(namespace) || path.startsWith(namespace + "/") ? own : ZooDefs.Ids.OPEN_ACL_UNSAFE;
        }
    }

    private static ZKClientConfig clientConfig() {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.JUTE_MAXBUFFER, Integer.toString(JvmSettings.PACKET_BYTES_MAX));
        // Without a login configuration SASL cannot succeed, and trying costs time at every start.
        boolean login = System.getProperty("java.security.auth.login.config") != null;
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, Boolean.toString(login));
        return config;
    }

    private static String credentials(String secret) {
        return "parley:" + secret;
    }

    private static Id digest(String secret) {
        try {
            return new Id("digest", DigestAuthenticationProvider.generateDigest(credentials(secret)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java has no SHA-1", impossible);
        }
    }
}
