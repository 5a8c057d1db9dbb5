package dev.parley.coordination.gossip;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What waits to be sent on one connection. Takes nothing while there is none, and nothing beyond its bounds. Any thread. */
final class Outbox {
    private final int messagesMax;
    private final int bytesMax;
    private final Map<Priority, Deque<byte[]>> waiting = new EnumMap<>(Priority.class);
    private boolean open;
    private int messages;
    private int bytes;

    Outbox(Lane lane) {
        this(lane.messagesMax(), lane.bytesMax());
    }

    Outbox(int messagesMax, int bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    synchronized void open() {
        open = true;
    }

    /** Forgets what waits, and wakes who waits for it. */
    synchronized void shut() {
        open = false;
        waiting.clear();
        messages = 0;
        bytes = 0;
        notifyAll();
    }

    /** @return false when it was not taken */
    synchronized boolean offer(Priority priority, byte[] message) {
        if (!open || messages == messagesMax || messages > 0 && bytes + message.length > bytesMax) {
            return false;
        }
        waiting.computeIfAbsent(priority, none -> new ArrayDeque<>()).add(message);
        messages++;
        bytes += message.length;
        notifyAll();
        return true;
    }

    /** Waits for the most urgent message; empty when the outbox is shut. */
    synchronized Optional<byte[]> take() throws InterruptedException {
        while (open && messages == 0) {
            wait();
        }
        for (Deque<byte[]> queue : waiting.values()) {
            byte[] first = queue.poll();
            if (first != null) {
                messages--;
                bytes -= first.length;
                return Optional.of(first);
            }
        }
        return Optional.empty();
    }
}
