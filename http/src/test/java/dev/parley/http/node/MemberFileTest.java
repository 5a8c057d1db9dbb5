package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.coordination.gossip.PeerAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberFileTest {
    @TempDir
    Path directory;

    @Test
    void theLastMembersAreKnownAfterARestart() {
        Path own = directory.resolve("gossip");
        assertEquals(List.of(), new MemberFile(own).read());
        List<PeerAddress> members =
                List.of(new PeerAddress("n1", "http://10.0.0.1:7070"), new PeerAddress("n2", "http://10.0.0.2:7070"));
        new MemberFile(own).write(members);
        assertEquals(members, new MemberFile(own).read());
        new MemberFile(own).write(members.subList(1, 2));
        assertEquals(members.subList(1, 2), new MemberFile(own).read());
    }
}
