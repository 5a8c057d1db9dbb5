package dev.parley.http.api;

import dev.parley.coordination.chat.Chat;
import dev.parley.store.chat.ChatMessage;
import java.util.List;
import java.util.function.Consumer;

/** Messages of chat rooms as clients see them. */
final class ChatJson {
    private ChatJson() {}

    static void fields(JsonWriter json, ChatMessage message) {
        json.name("id").text(message.id().text());
        json.name("room").text(message.room());
        json.name("user").text(message.user());
        json.name("text").text(message.text());
        json.name("at").text(Times.format(message.atMillis()));
        json.name("stamp").number(message.id().stamp());
        json.name("node").text(message.author().node());
        json.name("sequence").number(message.sequence());
    }

    static void list(JsonWriter json, List<ChatMessage> messages) {
        json.name("messages").array();
        messages.forEach(message -> {
            json.object();
            fields(json, message);
            json.end();
        });
        json.endArray();
    }

    static void room(JsonWriter json, Chat.RoomInfo info) {
        json.object().name("room").text(info.room());
        json.name("messages").number(info.messages());
        json.name("dropped").number(info.dropped());
        json.name("last_at").text(Times.format(info.lastAtMillis())).end();
    }

    /** One frame from the server. */
    static String frame(String type, Consumer<JsonWriter> content) {
        JsonWriter json = new JsonWriter(256);
        json.object().name("type").text(type);
        content.accept(json);
        return new String(json.end().toBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
