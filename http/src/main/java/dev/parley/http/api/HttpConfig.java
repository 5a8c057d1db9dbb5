package dev.parley.http.api;

import java.time.Duration;
import java.util.List;

/**
 * Where the HTTP server listens and what it says of itself.
 *
 * @param address to listen on; {@code 127.0.0.1} unless others shall reach this node
 * @param port 0 takes a free one
 * @param node this node's id, in {@code Parley-Node}
 * @param limits what one request may bring
 * @param silenceMax of a watch: then a bookmark or a ping shows that both sides live
 * @param hookHosts that hooks may be sent to, see {@link dev.parley.coordination.hook.Target#isAmong}
 * @param corsOrigins allowed beside the addresses of the members; {@code *} is any
 */
public record HttpConfig(
        String address,
        int port,
        String node,
        String cluster,
        String version,
        List<String> corsOrigins,
        RequestLimits limits,
        Duration silenceMax,
        List<String> hookHosts) {
    public HttpConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
        }
        corsOrigins = List.copyOf(corsOrigins);
        hookHosts = List.copyOf(hookHosts);
    }

    public HttpConfig(
            String address,
            int port,
            String node,
            String cluster,
            String version,
            List<String> corsOrigins,
            RequestLimits limits,
            Duration silenceMax) {
        this(address, port, node, cluster, version, corsOrigins, limits, silenceMax, List.of());
    }

    public HttpConfig withHookHosts(List<String> hosts) {
        return new HttpConfig(address, port, node, cluster, version, corsOrigins, limits, silenceMax, hosts);
    }

    /** With the limits that are agreed. */
    public HttpConfig(String address, int port, String node, String cluster, String version, List<String> corsOrigins) {
        this(address, port, node, cluster, version, corsOrigins, RequestLimits.AGREED);
    }

    public HttpConfig(
            String address,
            int port,
            String node,
            String cluster,
            String version,
            List<String> corsOrigins,
            RequestLimits limits) {
        this(address, port, node, cluster, version, corsOrigins, limits, WatchResource.SILENCE_MAX);
    }
}
