package dev.parley.http.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The directory of one node, for one process at a time.
 *
 * <pre>
 *   tables/      the state of the agreed plane
 *   zookeeper/   of the embedded server; never touched by anything else
 *   gossip/      who the others are, and what the gossiped plane keeps
 *   identity/    who this node is
 *   lock         held while the process lives; says which one it is
 *   parley.log   unless configured elsewhere
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final boolean continued;
    private final FileChannel lockFile;

    private DataDirectory(Path path, boolean continued, FileChannel lockFile) {
        this.path = path;
        this.continued = continued;
        this.lockFile = lockFile;
    }

    /** Makes it when it is not there. @throws StartFailure when another process has it, or it cannot be written */
    static DataDirectory open(Path path) {
        try {
            Files.createDirectories(path);
            boolean continued = Files.exists(path.resolve("identity"));
            FileChannel lockFile = FileChannel.open(
                    path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!lock(lockFile)) {
                String holder = holder(lockFile);
                lockFile.close();
                throw new StartFailure("the data directory " + path + " is in use" + holder
                        + "; stop that one, or choose another with --data");
            }
            lockFile.truncate(0)
                    .write(bytes(Long.toString(ProcessHandle.current().pid())), 0);
            Files.createDirectories(path.resolve("identity"));
            return new DataDirectory(path, continued, lockFile);
        } catch (IOException failure) {
            throw new StartFailure(
                    "the data directory " + path + " cannot be used (" + failure + "); choose another with --data",
                    failure);
        }
    }

    private static boolean lock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static String holder(FileChannel lockFile) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(20);
        lockFile.read(content, 0);
        String pid = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
        return pid.matches("\\d+") ? " by process " + pid : "";
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    Path path() {
        return path;
    }

    /** Whether a node lived here before. */
    boolean isContinued() {
        return continued;
    }

    Path tables() {
        return path.resolve("tables");
    }

    Path zookeeper() {
        return path.resolve("zookeeper");
    }

    Path gossip() {
        return path.resolve("gossip");
    }

    /** What instances of processes say. */
    Path processes() {
        return path.resolve("processes");
    }

    Identity identity() {
        return new Identity(path.resolve("identity"));
    }

    /** Lets another process have it. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
