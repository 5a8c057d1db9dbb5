package dev.parley.http.api;

import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;

/** Names requests: by the id the client sent, when it can be sent back, else by a new one. */
final class RequestIds {
    static final String HEADER = "Parley-Request-Id";

    private static final int CHARS_MAX = 128;

    private final Supplier<String> fresh;

    RequestIds(Supplier<String> fresh) {
        this.fresh = fresh;
    }

    String of(HttpFields headers) {
        String sent = headers.get(HEADER);
        return sent != null && isUsable(sent) ? sent : fresh.get();
    }

    private static boolean isUsable(String id) {
        return !id.isEmpty() && id.length() <= CHARS_MAX && id.chars().allMatch(unit -> unit >= ' ' && unit < 0x7F);
    }
}
