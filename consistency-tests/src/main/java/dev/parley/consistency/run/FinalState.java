package dev.parley.consistency.run;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.checker.Verdict;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.json.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what all nodes hold at one revision: keys, values, revisions and versions. */
final class FinalState {
    private static final int PAGE = 1000;
    private static final int ATTEMPTS = 6;

    private final List<NodeClient> nodes;
    private final Recorder recorder;

    FinalState(List<NodeClient> nodes, Recorder recorder) {
        this.nodes = nodes;
        this.recorder = recorder;
    }

    private record Content(String digest, long items, List<Json> all) {}

    Verdict compare() {
        Optional<Long> revision = revision();
        if (revision.isEmpty()) {
            return Verdict.unknown(new Finding(
                    "not-recovered", "", "No node answered a linearizable read after everything had healed."));
        }
        Map<String, Content> contents = new LinkedHashMap<>();
        for (NodeClient node : nodes) {
            Optional<Content> content = content(node, revision.get());
            if (content.isEmpty()) {
                return Verdict.unknown(new Finding(
                        "not-recovered",
                        "",
                        "Node " + node.name() + " did not show its content at revision " + revision.get()
                                + " after everything had healed."));
            }
            contents.put(node.name(), content.get());
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("node", Json.of(node.name()));
            fields.put("revision", Json.of(revision.get()));
            fields.put("items", Json.of(content.get().items()));
            Clients.note(recorder, "state", Json.of(content.get().digest()), fields);
        }
        return judge(revision.get(), contents);
    }

    private static Verdict judge(long revision, Map<String, Content> contents) {
        Map.Entry<String, Content> first = contents.entrySet().iterator().next();
        List<Finding> findings = new ArrayList<>();
        contents.forEach((node, content) -> {
            if (!content.digest().equals(first.getValue().digest())) {
                findings.add(new Finding(
                        "diverged",
                        "",
                        "At revision " + revision + " nodes " + first.getKey() + " and " + node
                                + " hold different content: "
                                + difference(first.getValue().all(), content.all()) + ".",
                        1));
            }
        });
        Answer answer = findings.isEmpty() ? Answer.VALID : Answer.INVALID;
        return new Verdict(
                answer,
                findings,
                Map.of(
                        "final_revision",
                        Json.of(revision),
                        "final_items",
                        Json.of(first.getValue().items())));
    }

    private static String difference(List<Json> a, List<Json> b) {
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            Json left = i < a.size() ? a.get(i) : Json.NULL;
            Json right = i < b.size() ? b.get(i) : Json.NULL;
            if (!left.equals(right)) {
                return left.text() + " and " + right.text();
            }
        }
        return a.size() + " and " + b.size() + " items";
    }

    private Optional<Long> revision() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            for (NodeClient node : nodes) {
                Reply reply = node.send("GET", "/v1/kv?count_only=true");
                if (reply instanceof Reply.Answer answer
                        && answer.status() == 200
                        && answer.member("revision") instanceof Json.Int(long revision)) {
                    return Optional.of(revision);
                }
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L);
        }
        return Optional.empty();
    }

    private static Optional<Content> content(NodeClient node, long revision) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Content> content = once(node, revision);
            if (content.isPresent()) {
                return content;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L);
        }
        return Optional.empty();
    }

    private static Optional<Content> once(NodeClient node, long revision) {
        MessageDigest sha = sha256();
        List<Json> all = new ArrayList<>();
        String after = "";
        while (true) {
            String path = "/v1/kv?consistency=stale&revision=" + revision + "&limit=" + PAGE + after;
            Reply reply = node.send("GET", path);
            if (!(reply instanceof Reply.Answer answer)
                    || answer.status() != 200
                    || !(answer.member("items") instanceof Json.Array(List<Json> items))) {
                return Optional.empty();
            }
            for (Json item : items) {
                sha.update(item.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                all.add(item);
            }
            if (!answer.member("more").equals(Json.of(true))
                    || !(answer.member("next") instanceof Json.Text(String next))) {
                return Optional.of(new Content(HexFormat.of().formatHex(sha.digest()), all.size(), all));
            }
            after = "&after=" + NodeClient.encode(next);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
