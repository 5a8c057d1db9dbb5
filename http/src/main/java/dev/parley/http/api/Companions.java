package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Submission;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The headers that travel with a write: {@code Parley-Author}, {@code Idempotency-Key}, {@code Parley-Fence}. */
record Companions(String author, Optional<String> idempotencyKey, List<Submission.Fence> fences) {
    static final int IDEMPOTENCY_KEY_CHARS_MAX = 255;
    static final int AUTHOR_CHARS_MAX = 128;

    private static final Companions NONE = new Companions("", Optional.empty(), List.of());
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final List<String> KINDS = List.of("lock", "semaphore", "election", "process");

    /** Headers that change what a request means, and so belong to its fingerprint. */
    private static final List<String> MEANINGFUL = List.of("Content-Type", "If-Match", "If-None-Match", "Parley-Fence");

    static Companions of(Request request) {
        boolean none = !request.hasHeader("Parley-Author")
                && !request.hasHeader("Idempotency-Key")
                && !request.hasHeader("Parley-Fence");
        return none ? NONE : new Companions(author(request), idempotencyKey(request), fences(request));
    }

    private static String author(Request request) {
        String author = request.header("Parley-Author").orElse("");
        if (author.length() > AUTHOR_CHARS_MAX) {
            throw Problem.header(
                    "Parley-Author", "Parley-Author must have at most " + AUTHOR_CHARS_MAX + " characters.");
        }
        return author;
    }

    private static Optional<String> idempotencyKey(Request request) {
        Optional<String> key = request.header("Idempotency-Key");
        key.ifPresent(text -> {
            if (text.isEmpty()
                    || text.length() > IDEMPOTENCY_KEY_CHARS_MAX
                    || !text.chars().allMatch(unit -> unit >= ' ' && unit < 0x7F)) {
                throw Problem.header(
                        "Idempotency-Key",
                        "Idempotency-Key must be 1 to " + IDEMPOTENCY_KEY_CHARS_MAX + " printable ASCII characters.");
            }
        });
        return key;
    }

    private static List<Submission.Fence> fences(Request request) {
        List<Submission.Fence> fences = new ArrayList<>();
        for (String line : request.headerLines("Parley-Fence")) {
            for (String fence : line.split(",", -1)) {
                fences.add(fence(fence.strip()));
            }
        }
        if (fences.size() > Limits.FENCES_PER_COMMAND_MAX) {
            throw Problem.header("Parley-Fence", "At most " + Limits.FENCES_PER_COMMAND_MAX + " fences.");
        }
        return List.copyOf(fences);
    }

    private static Submission.Fence fence(String text) {
        int colon = text.lastIndexOf(':');
        int slash = text.indexOf('/');
        String kind = slash < 0 ? "lock" : text.substring(0, slash);
        String name = colon < slash ? "" : text.substring(slash + 1, Math.max(colon, slash + 1));
        Optional<Long> token = Numbers.parse(text.substring(colon + 1)).filter(number -> number > 0);
        if (!KINDS.contains(kind) || !NAME.matcher(name).matches() || token.isEmpty()) {
            throw Problem.header(
                    "Parley-Fence",
                    "Parley-Fence must be <lock>:<token> or <kind>/<name>:<token>, kind lock, semaphore, election or process.");
        }
        return new Submission.Fence(kind, name, token.get());
    }

    /** @throws Problem when the command brings more than a request may */
    Submission submission(Command command, Request request, Bytes body) {
        request.limits().check(command);
        if (this == NONE) {
            return Submission.of(command);
        }
        return new Submission(
                command,
                author,
                idempotencyKey.map(key -> new Submission.Idempotency(key, fingerprint(request, body))),
                fences);
    }

    /**
     * One line of a bulk load, remembered by itself.
     *
     * @param content of the line
     */
    Submission line(Command command, long line, Supplier<Bytes> content) {
        if (this == NONE) {
            return Submission.of(command);
        }
        return new Submission(
                command,
                author,
                idempotencyKey.map(key -> new Submission.Idempotency(
                        key + "\nline " + line,
                        Bytes.wrap(sha256().digest(content.get().unsafeArray())))),
                fences);
    }

    /** @param part tells apart the commands that one request is split into; 0 is the first */
    Submission part(Command command, Request request, Bytes body, long part) {
        // A line feed cannot stand in a client's own key.
        return part == 0
                ? submission(command, request, body)
                : new Submission(
                        command,
                        author,
                        idempotencyKey.map(
                                key -> new Submission.Idempotency(key + "\n" + part, fingerprint(request, body))),
                        fences);
    }

    private static Bytes fingerprint(Request request, Bytes body) {
        MessageDigest digest = sha256();
        add(digest, request.method());
        add(digest, request.path());
        add(digest, request.query());
        for (String header : MEANINGFUL) {
            add(digest, header + ":" + String.join(",", request.headerLines(header)));
        }
        digest.update(body.unsafeArray());
        return Bytes.wrap(digest.digest());
    }

    private static void add(MessageDigest digest, String part) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
