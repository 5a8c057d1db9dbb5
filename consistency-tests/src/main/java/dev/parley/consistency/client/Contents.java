package dev.parley.consistency.client;

import dev.parley.consistency.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Everything a node lists of a range, as of one revision.
 *
 * @param items in the order of their keys, as the node told them
 */
public record Contents(long revision, List<Json> items) {
    private static final int PAGE = 1000;

    /**
     * Asks page after page, each once.
     *
     * @param query what chooses the range, level and revision, such as {@code prefix=a&consistency=stale}
     * @return empty when a page was not answered
     */
    public static Optional<Contents> read(NodeClient node, String query) {
        List<Json> all = new ArrayList<>();
        String after = "";
        while (true) {
            Reply reply = node.send("GET", "/v1/kv?" + query + "&limit=" + PAGE + after);
            if (!(reply instanceof Reply.Answer answer)
                    || answer.status() != 200
                    || !(answer.member("items") instanceof Json.Array(List<Json> items))) {
                return Optional.empty();
            }
            all.addAll(items);
            if (!answer.member("more").equals(Json.of(true))
                    || !(answer.member("next") instanceof Json.Text(String next))) {
                long revision = answer.member("revision") instanceof Json.Int(long at) ? at : -1;
                return Optional.of(new Contents(revision, all));
            }
            after = "&after=" + NodeClient.encode(next);
        }
    }

    /** Equal for equal items only. */
    public String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            items.forEach(item -> sha.update(item.text().getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The first place where two contents differ, for a person. */
    public String difference(Contents other) {
        for (int i = 0; i < Math.max(items.size(), other.items.size()); i++) {
            Json left = i < items.size() ? items.get(i) : Json.NULL;
            Json right = i < other.items.size() ? other.items.get(i) : Json.NULL;
            if (!left.equals(right)) {
                return left.text() + " and " + right.text();
            }
        }
        return items.size() + " and " + other.items.size() + " items";
    }
}
