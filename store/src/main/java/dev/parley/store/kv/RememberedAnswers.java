package dev.parley.store.kv;

import dev.parley.store.kv.Submission.Idempotency;
import java.util.Optional;

/**
 * Answers given under an Idempotency-Key. Every answer that apply decides is remembered, a refusal too: the same
 * request again gets the first answer, whatever changed since. Kept for {@link Limits#REMEMBERED_FOR} by the age of
 * {@link AgreedClock}, but never more than {@link Limits#REMEMBERED_ANSWERS_MAX} of them or {@link
 * Limits#REMEMBERED_ANSWERS_BYTES_MAX}; the oldest go first.
 */
final class RememberedAnswers {
    private RememberedAnswers() {}

    /** An answer by its Idempotency-Key. */
    private record Answer(Bytes fingerprint, long revision, Outcome outcome) {
        Bytes encode() {
            return new BinaryWriter(128)
                    .shortBytes(fingerprint.unsafeArray())
                    .i64(revision)
                    .raw(OutcomeCodec.encode(outcome).unsafeArray())
                    .toBytes();
        }

        static Answer decode(Bytes content) {
            BinaryReader in = new BinaryReader(content);
            return new Answer(in.shortBytes(), in.i64(), OutcomeCodec.decode(in.rest()));
        }
    }

    /** A place in the order in which answers were given. */
    private record Place(long ageMillis, int bytes, Bytes cell) {
        Bytes encode() {
            return new BinaryWriter(64)
                    .i64(ageMillis)
                    .i32(bytes)
                    .raw(cell.unsafeArray())
                    .toBytes();
        }

        static Place decode(Bytes content) {
            BinaryReader in = new BinaryReader(content);
            return new Place(in.i64(), in.i32(), in.rest());
        }
    }

    /** The order: places from {@code first} to before {@code next}, whose answers take {@code bytes} together. */
    private record Order(long first, long next, long bytes) {
        static Order in(MapView view) {
            return view.cell(Cells.ANSWERS)
                    .map(content -> {
                        BinaryReader in = new BinaryReader(content);
                        return new Order(in.i64(), in.i64(), in.i64());
                    })
                    .orElse(new Order(0, 0, 0));
        }

        void writeTo(StateMap map) {
            map.putCell(
                    Cells.ANSWERS,
                    new BinaryWriter(24).i64(first).i64(next).i64(bytes).toBytes());
        }

        boolean isFull() {
            return next - first > Limits.REMEMBERED_ANSWERS_MAX || bytes > Limits.REMEMBERED_ANSWERS_BYTES_MAX;
        }
    }

    /** The first answer, or the refusal of a key used for something else; empty when the key is new. */
    static Optional<Outcome> recall(StateMap map, Idempotency request) {
        forgetExpired(map);
        return map.cell(Cells.answer(request.key())).map(Answer::decode).map(answer -> {
            boolean sameRequest = answer.fingerprint().equals(request.fingerprint());
            return sameRequest
                    ? new Outcome.Replayed(answer.revision(), answer.outcome())
                    : new Outcome.KeyReused(request.key());
        });
    }

    static void remember(BatchRun run, Idempotency request, Outcome outcome) {
        Bytes cell = Cells.answer(request.key());
        Bytes content = new Answer(request.fingerprint(), run.revision(), outcome).encode();
        Order order = Order.in(run.map());
        run.map().putCell(cell, content);
        run.map()
                .putCell(
                        Cells.answered(order.next()),
                        new Place(AgreedClock.ageMillis(run.map()), content.size(), cell).encode());
        order = new Order(order.first(), order.next() + 1, order.bytes() + content.size());
        while (order.isFull()) {
            order = forgetFirst(run.map(), order);
        }
        order.writeTo(run.map());
    }

    static void forgetExpired(StateMap map) {
        long horizon = AgreedClock.ageMillis(map) - Limits.REMEMBERED_FOR.toMillis();
        Order before = Order.in(map);
        Order order = before;
        while (order.first() < order.next() && placeOf(map, order.first()).ageMillis() < horizon) {
            order = forgetFirst(map, order);
        }
        if (!order.equals(before)) {
            order.writeTo(map);
        }
    }

    private static Order forgetFirst(StateMap map, Order order) {
        Place place = placeOf(map, order.first());
        map.removeCell(place.cell());
        map.removeCell(Cells.answered(order.first()));
        return new Order(order.first() + 1, order.next(), order.bytes() - place.bytes());
    }

    private static Place placeOf(StateMap map, long sequence) {
        return map.cell(Cells.answered(sequence))
                .map(Place::decode)
                .orElseThrow(() -> new IllegalStateException("answer " + sequence + " has no place"));
    }
}
