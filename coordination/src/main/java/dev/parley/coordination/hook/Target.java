package dev.parley.coordination.hook;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a hook is sent to: what a breaker is about.
 *
 * @param host in lower case, as it is written in the URL
 */
public record Target(String host, int port) {
    /** Of a hook's URL: http or https, with a host, without credentials or a fragment; empty when it is none. */
    public static Optional<Target> of(String url) {
        try {
            URI uri = new URI(url);
            boolean secure = "https".equalsIgnoreCase(uri.getScheme());
            boolean web = secure || "http".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
                return Optional.empty();
            }
            int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
            return port > 0 && port <= 65_535
                    ? Optional.of(new Target(uri.getHost().toLowerCase(Locale.ROOT), port))
                    : Optional.empty();
        } catch (java.net.URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    /** @param hosts as configured: {@code host} stands for each of its ports, {@code host:port} for one */
    public boolean isAmong(Collection<String> hosts) {
        return hosts.stream()
                .map(allowed -> allowed.toLowerCase(Locale.ROOT))
                .anyMatch(allowed -> allowed.equals(host) || allowed.equals(toString()));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
