package dev.parley.http.node;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes in reverse order of opening, twice if need be. The first failure is thrown; the others hang on it. */
final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private boolean closing;

    /** @throws IllegalStateException when it is closing already; then {@code resource} is closed, too */
    <R extends AutoCloseable> R own(R resource) {
        synchronized (this) {
            if (!closing) {
                opened.push(resource);
                return resource;
            }
        }
        try {
            resource.close();
        } catch (Exception failure) {
            throw new IllegalStateException("opened while closing, and did not close", failure);
        }
        throw new IllegalStateException("opened while closing");
    }

    @Override
    public void close() {
        synchronized (this) {
            closing = true;
        }
        RuntimeException failure = null;
        for (AutoCloseable next = pop(); next != null; next = pop()) {
            try {
                next.close();
            } catch (Exception broken) {
                if (failure == null) {
                    failure = broken instanceof RuntimeException same ? same : new IllegalStateException(broken);
                } else {
                    failure.addSuppressed(broken);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized AutoCloseable pop() {
        return opened.poll();
    }
}
