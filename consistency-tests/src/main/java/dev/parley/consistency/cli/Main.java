package dev.parley.consistency.cli;

import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.history.MalformedHistoryException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the suite. */
@Command(
        name = "parley consistency",
        description =
                "Tests whether a Parley cluster keeps its promises while things go wrong, and judges recorded histories.",
        mixinStandardHelpOptions = true,
        version = "parley consistency 0.1.0",
        subcommands = {
            ListCommand.class,
            RunCommand.class,
            CheckCommand.class,
            SuiteCommand.class,
            ConvictCommand.class,
            SoakCommand.class
        },
        footer = {
            "",
            "Exit code: 0 valid, 1 invalid, 2 unknown, 64 wrong usage or unreadable input, 70 a fault of the suite itself."
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands, ready to execute; they answer with the exit code. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setExitCodeExceptionMapper(Main::exitCode);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof MalformedHistoryException) {
                command.getErr().println(failure.getMessage());
            } else if (failure instanceof ClusterException) {
                command.getErr().println("unknown: " + failure.getMessage());
            } else {
                command.getErr().println("The suite failed: " + failure);
                failure.printStackTrace(command.getErr());
            }
            return exitCode(failure);
        });
        line.setParameterExceptionHandler((wrong, arguments) -> {
            CommandLine command = wrong.getCommandLine();
            command.getErr().println(wrong.getMessage());
            command.getErr().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
            return Exit.USAGE;
        });
        return line;
    }

    private static int exitCode(Throwable failure) {
        if (failure instanceof ClusterException) {
            return Exit.UNKNOWN;
        }
        return failure instanceof MalformedHistoryException || failure instanceof ParameterException
                ? Exit.USAGE
                : Exit.FAULT;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
