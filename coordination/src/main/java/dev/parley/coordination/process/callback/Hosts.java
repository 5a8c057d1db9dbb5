package dev.parley.coordination.process.callback;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where this node may call. A node stands where others cannot reach, so nobody but its operator says whom it calls.
 *
 * @param allowed {@code host}, any port, or {@code host:port}; names as they are written, none is looked up
 */
public record Hosts(List<String> allowed) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    public Hosts {
        allowed = List.copyOf(allowed);
    }

    /** Why the URL may not be called, worded to follow its name; empty when it may. */
    public Optional<String> refusal(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            return Optional.of("must be a URL");
        }
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.of("must be a URL that begins with http:// or https://, without a user and a fragment");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
        boolean may = allowed.stream()
                .anyMatch(each ->
                        each.equalsIgnoreCase(uri.getHost()) || each.equalsIgnoreCase(uri.getHost() + ":" + port));
        return may
                ? Optional.empty()
                : Optional.of(
                        "must be on a host that this node's configuration allows, was " + uri.getHost() + ":" + port);
    }
}
