package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.Contents;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.NodeBuild;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import dev.parley.consistency.json.JsonSyntaxException;
import dev.parley.consistency.workload.Archives.Archive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Unique elements, some changed or deleted later, and backups taken of whichever node in the middle of it. At the end some of the
 * archives are restored elsewhere: each must hold what was acknowledged before it was asked for, and be the store at one revision.
 */
public final class BackupWorkload implements Workload {
    private static final int SAVED_MAX = 6;
    private static final int RESTORED_MAX = 3;
    private static final int RESTORED_TRIES = 2;

    /** The first backup is taken after so many operations, and each further one after twice as many as the one before. */
    private static final long FIRST_AFTER = 50;

    private static final long AGAIN_AFTER = 25;
    private static final Duration SAVED_WITHIN = Duration.ofSeconds(15);
    private static final int COMPARED_TRIES = 3;

    private final String prefix;
    private final Restorer restorer;
    private final Archives archives = new Archives();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong elements = new AtomicLong();
    private final AtomicLong backups = new AtomicLong();
    private final AtomicLong due = new AtomicLong(FIRST_AFTER);
    private final AtomicBoolean taking = new AtomicBoolean();
    private final AtomicBoolean chosen = new AtomicBoolean();
    private final Map<Integer, Integer> tries = new ConcurrentHashMap<>();

    /** @param restorer what looks into archives */
    public BackupWorkload(String prefix, Restorer restorer) {
        this.prefix = prefix + "/backup/";
        this.restorer = restorer;
    }

    /** @param jar the release that restores */
    static BackupWorkload restoring(String prefix, Path jar) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new BackupWorkload(prefix, new RestoredNode(NodeBuild.right(java, jar.toAbsolutePath())));
    }

    @Override
    public Call next(int client, Random random) {
        boolean wanted = operations.incrementAndGet() >= due.get() && archives.count() < SAVED_MAX;
        if (wanted && taking.compareAndSet(false, true)) {
            return new Call("backup", "", Json.NULL, this::backup);
        }
        long known = elements.get();
        int choice = random.nextInt(10);
        if (known == 0 || choice > 2) {
            long element = elements.incrementAndGet();
            return put("add", Json.of(element), Json.of(element));
        }
        Json key = Json.of(1 + random.nextLong(known));
        return choice == 0 ? delete(key) : put("change", key, Json.of(elements.incrementAndGet()));
    }

    private Call put(String f, Json key, Json value) {
        return new Call(f, key.text(), value, node -> {
            Reply reply = Store.put(node, prefix + key.text(), value, Map.of());
            Completion completion = Completion.ofWrite(reply, value);
            return reply instanceof Reply.Answer answer && answer.success()
                    ? completion.with("revision", answer.member("revision"))
                    : completion;
        });
    }

    private Call delete(Json key) {
        return new Call("delete", key.text(), Json.NULL, node -> {
            Reply reply = node.send("DELETE", NodeClient.key(prefix + key.text()));
            Completion completion = Completion.ofWrite(reply, Json.NULL);
            boolean deleted = reply instanceof Reply.Answer answer
                    && answer.success()
                    && answer.header("parley-deleted").equals(Optional.of("1"));
            return deleted ? completion.with("revision", Json.of(revision(reply))) : completion;
        });
    }

    private static long revision(Reply reply) {
        return reply instanceof Reply.Answer answer
                ? answer.header("parley-revision")
                        .filter(text -> text.matches("[0-9]{1,18}"))
                        .map(Long::parseLong)
                        .orElse(-1L)
                : -1;
    }

    private Completion backup(NodeClient node) {
        int number = (int) backups.incrementAndGet();
        Path file = archives.file(number);
        boolean saved = false;
        try {
            Reply reply = node.save("/v1/backup", file, SAVED_WITHIN);
            if (!(reply instanceof Reply.Answer answer) || answer.status() != 200) {
                return Completion.readFailed(reply);
            }
            saved = true;
            archives.keep(new Archive(number, file, revision(reply)));
            Map<String, Json> members = new LinkedHashMap<>();
            members.put("archive", Json.of(number));
            members.put("revision", Json.of(revision(reply)));
            return Completion.ok(Store.object(members));
        } finally {
            due.set(saved ? FIRST_AFTER << archives.count() : operations.get() + AGAIN_AFTER);
            taking.set(false);
            if (!saved) {
                remove(file);
            }
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    /** Archives are looked at once, not through every node. */
    @Override
    public List<Call> lastReads() {
        return chosen.compareAndSet(false, true)
                ? archives.some(RESTORED_MAX).stream().map(this::restored).toList()
                : List.of();
    }

    private Call restored(Archive archive) {
        return new Call("restored", "", Json.of(archive.number()), node -> {
            if (tries.merge(archive.number(), 1, Integer::sum) > RESTORED_TRIES) {
                return Completion.fail(Json.NULL, "tried " + RESTORED_TRIES + " times in vain");
            }
            try {
                return Completion.ok(content(archive, restorer.restore(archive.file(), prefix), node));
            } catch (ClusterException untold) {
                return Completion.fail(Json.NULL, String.valueOf(untold.getMessage()));
            }
        });
    }

    private Json content(Archive archive, Restorer.Restored restored, NodeClient node) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("archive", Json.of(archive.number()));
        switch (restored) {
            case Restorer.Restored.Refused(String why) -> members.put("damage", Json.of(why));
            case Restorer.Restored.Found(Contents contents) -> {
                members.put("revision", Json.of(contents.revision()));
                members.put("items", items(contents));
                members.put("cluster", cluster(node, archive.revision()));
            }
        }
        return Store.object(members);
    }

    /** What the cluster shows at the revision; null when it does not keep that any more. */
    private Json cluster(NodeClient node, long revision) {
        String query = "revision=" + revision + "&prefix=" + NodeClient.encode(prefix);
        for (int attempt = 0; attempt < COMPARED_TRIES; attempt++) {
            Optional<Contents> contents = Contents.read(node, query);
            if (contents.isPresent()) {
                return items(contents.get());
            }
        }
        return Json.NULL;
    }

    /** Values with their revisions and versions, by key. */
    private Json items(Contents contents) {
        Map<String, Json> items = new LinkedHashMap<>();
        contents.items()
                .forEach(item -> items.put(
                        Store.member(item, "key") instanceof Json.Text(String key)
                                ? key.substring(prefix.length())
                                : "",
                        Json.array(
                                value(Store.member(item, "value")),
                                Store.member(item, "mod_revision"),
                                Store.member(item, "version"))));
        return Store.object(items);
    }

    private static Json value(Json text) {
        try {
            return text instanceof Json.Text(String value) ? JsonParser.parse(value) : text;
        } catch (JsonSyntaxException strange) {
            return text;
        }
    }

    @Override
    public Optional<Trace> trace(Event unanswered) {
        return unanswered.value().isNull()
                ? Optional.empty()
                : Optional.of(Trace.ofValue(prefix + unanswered.key(), unanswered.value(), 0));
    }

    @Override
    public Checker checker() {
        return Checkers.named("backup").orElseThrow();
    }

    @Override
    public void close() {
        archives.close();
    }
}
