package dev.parley.coordination.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.coordination.channel.Channels;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.ConfigChange;
import dev.parley.store.kv.Proposal;
import java.util.List;

/**
 * Tells on the channels what becomes of proposals: {@code consensus_req} and {@code consensus_ack} on {@code control},
 * {@code config_updated} on {@code config}. It informs and decides nothing: what counts is in the log, and a message is lost
 * with the node that would have sent it. Any thread.
 */
public final class ConfigNews {
    private static final String CONTROL = "control";
    private static final String CONFIG = "config";

    /** Paths named in a message; the proposal has all. */
    private static final int PATHS_TOLD_MAX = 20;

    private final Channels channels;

    public ConfigNews(Channels channels) {
        this.channels = channels;
    }

    /** The proposal is in the log, and with it its proposer's ack. */
    public void proposed(Proposal proposal) {
        ObjectNode news = news("consensus_req", proposal.id(), proposal.node());
        paths(news, proposal.changes());
        news.put("required", proposal.required());
        ArrayNode voters = news.putArray("voters");
        proposal.voters().forEach(voters::add);
        publish(CONTROL, news);
        voted(proposal.id(), proposal.node(), true, "");
    }

    /** The vote is in the log, and counted. @param reason of a nack */
    public void voted(long proposal, String node, boolean ack, String reason) {
        ObjectNode news = news("consensus_ack", proposal, node).put("vote", ack ? "ack" : "nack");
        if (!reason.isEmpty()) {
            news.put("reason", reason);
        }
        publish(CONTROL, news);
    }

    public void committed(Proposal proposal, long revision) {
        ObjectNode news = news("config_updated", proposal.id(), proposal.node());
        paths(news, proposal.changes());
        publish(CONFIG, news.put("revision", revision));
    }

    private static ObjectNode news(String type, long proposal, String node) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("proposal", Long.toString(proposal))
                .put("node", node);
    }

    private static void paths(ObjectNode news, List<ConfigChange> changes) {
        ArrayNode paths = news.putArray("paths");
        changes.stream()
                .limit(PATHS_TOLD_MAX)
                .forEach(change -> paths.add(change.path().toString()));
        news.put("more", changes.size() > PATHS_TOLD_MAX);
    }

    /** Without room for another topic nobody is told. */
    private void publish(String topic, ObjectNode news) {
        channels.publish(topic, Bytes.utf8(news.toString()));
    }
}
