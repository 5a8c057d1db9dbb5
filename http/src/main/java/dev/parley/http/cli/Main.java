package dev.parley.http.cli;

import dev.parley.http.node.NameService;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where the program begins. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        NameService.keepLastAnswers();
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = new CommandTree(new Terminal(System.in, System.out, out, err, System.getenv())).run(arguments);
        out.flush();
        err.flush();
        System.exit(exitCode);
    }
}
