package dev.parley.consistency.cluster;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a server of ZooKeeper what it is. */
final class FourLetters {
    private static final int TIMEOUT_MILLIS = 2_000;

    private FourLetters() {}

    /** {@code leader}, {@code follower} or {@code standalone}; empty when it does not serve. */
    static String mode(String host, int port) {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return modeIn(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException silent) {
            return "";
        }
    }

    /** The mode in an answer to {@code srvr}. */
    static String modeIn(String answer) {
        return answer.lines()
                .filter(line -> line.startsWith("Mode: "))
                .map(line -> line.substring(6).strip())
                .findFirst()
                .orElse("");
    }
}
