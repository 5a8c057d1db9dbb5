package dev.parley.coordination.process.callback;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Takes the first part of a body and hangs up. */
final class BoundedBody implements BodySubscriber<byte[]> {
    static final int BYTES_MAX = 512 * 1024;

    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final CompletableFuture<Subscription> source = new CompletableFuture<>();
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        source.complete(subscription);
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            byte[] bytes = new byte[Math.min(part.remaining(), BYTES_MAX - taken.size())];
            part.get(bytes);
            taken.writeBytes(bytes);
        }
        if (taken.size() == BYTES_MAX) {
            source.join().cancel();
            whole.complete(taken.toByteArray());
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        whole.complete(taken.toByteArray());
    }
}
