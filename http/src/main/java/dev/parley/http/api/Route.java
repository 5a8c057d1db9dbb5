package dev.parley.http.api;

import java.util.Map;
import java.util.TreeMap;

/**
 * One resource: its path as the reference writes it, and what answers each method.
 *
 * @param template a path; {@code <key>}, {@code <path>} or {@code <prefix>} at its end takes the rest, another place such as {@code <id>} one segment
 * @param agreed whether it is of the agreed plane, so that every answer names a store revision
 */
record Route(String template, boolean agreed, Map<String, Handler> handlers) {
    /** Serves one method of one resource. */
    @FunctionalInterface
    interface Handler {
        /** @param rest what stands in the places, raw and joined by slashes; empty when there is none */
        Answer answer(Request request, String rest);
    }

    static Route of(String template, boolean agreed) {
        return new Route(template, agreed, new TreeMap<>());
    }

    Route on(String method, Handler handler) {
        handlers.put(method, handler);
        if (method.equals("GET")) {
            handlers.put("HEAD", handler);
        }
        return this;
    }

    /** The methods, as {@code Allow} lists them. */
    String allow() {
        return String.join(", ", handlers.keySet()) + ", OPTIONS";
    }
}
