package dev.parley.http.api;

import dev.parley.coordination.chat.Chat;
import dev.parley.coordination.group.GroupEvent;
import dev.parley.coordination.group.GroupMember;
import dev.parley.coordination.group.Groups;
import dev.parley.store.kv.Bytes;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What clients of chat share at this node. Any thread. */
record ChatDesk(Chat chat, Groups groups, LongSupplier nanos, BooleanSupplier stopping, AtomicInteger clients) {
    /** Of WebSocket clients of one node. */
    static final int CLIENTS_MAX = 5_000;

    private static final String CLIENTS = "chat_clients";

    ChatDesk(Chat chat, Groups groups, LongSupplier nanos, BooleanSupplier stopping) {
        this(chat, groups, nanos, stopping, new AtomicInteger());
    }

    /** No group that a client can name. */
    private static String presence(String room) {
        return "chat room " + room;
    }

    /** Somebody who is in a room; undone when closed. */
    Groups.Membership enter(String room, String user) {
        Groups.Membership inRoom = groups.join(presence(room), user, Bytes.EMPTY);
        Groups.Membership client = groups.join(CLIENTS, user, Bytes.EMPTY);
        return () -> {
            inRoom.close();
            client.close();
        };
    }

    List<GroupMember> present(String room) {
        return groups.members(presence(room));
    }

    /** @return ends it */
    AutoCloseable listen(String room, Consumer<GroupEvent> listener) {
        return groups.listen(presence(room), listener);
    }
}
