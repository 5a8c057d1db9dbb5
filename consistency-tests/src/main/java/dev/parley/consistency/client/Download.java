package dev.parley.consistency.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Copies the body of an answer into a file, for so long and so many bytes at most. */
final class Download {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long BYTES_MAX = 512L << 20;

    private Download() {}

    /** @throws IOException when the answer broke off, or took too long, or is too large; the file then holds a part of it */
    static void copy(InputStream body, Path file, Duration time) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        CompletableFuture<Void> watch = CompletableFuture.runAsync(
                () -> {
                    late.set(true);
                    closeQuietly(body);
                },
                CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long bytes = 0;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                bytes += read;
                if (bytes > BYTES_MAX) {
                    throw new IOException("more than " + BYTES_MAX + " bytes");
                }
                out.write(buffer, 0, read);
            }
        } finally {
            watch.cancel(false);
            closeQuietly(body);
        }
        // A stream that was closed from here may look as if it had ended.
        if (late.get()) {
            throw new IOException("not complete after " + time.toSeconds() + " s");
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException closed) {
            // it was over already
        }
    }
}
