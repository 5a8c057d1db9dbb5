package dev.parley.coordination.process.cron;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.coordination.process.Exit;
import dev.parley.coordination.process.Kind.LogSink;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.callback.Calls;
import dev.parley.coordination.process.callback.Calls.Reply;
import dev.parley.coordination.process.callback.Hosts;
import dev.parley.coordination.process.command.Command;
import dev.parley.coordination.process.command.Programs;
import dev.parley.coordination.process.cron.Action.Result;
import dev.parley.coordination.process.kind.Arguments;
import dev.parley.coordination.process.kind.ProcessFactory.Instance;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What ticks may do on this node: call a service on a host that is allowed, or run a command of the configuration.
 *
 * @param commands by name
 */
public record Actions(Hosts hosts, Calls calls, Map<String, Command> commands, Programs programs) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int URL_CHARS_MAX = 2_048;
    private static final int NAME_CHARS_MAX = 128;
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    public Actions {
        commands = Map.copyOf(commands);
    }

    /** Reads {@code url}, or {@code command} and {@code parameters}; empty, and faults in the arguments, when it cannot. */
    Optional<Action> read(Arguments arguments, Duration timeout) {
        boolean calls = arguments.has("url");
        boolean runs = arguments.has("command");
        SortedMap<String, String> values = arguments.texts("parameters");
        if (calls == runs) {
            arguments.fault("", "must have either url or command");
            return Optional.empty();
        }
        return calls ? calling(arguments, timeout) : running(arguments, values, timeout);
    }

    private Optional<Action> calling(Arguments arguments, Duration timeout) {
        Optional<String> url = arguments.text("url", URL_CHARS_MAX);
        Optional<String> refusal = url.flatMap(hosts::refusal);
        refusal.ifPresent(rule -> arguments.fault("/url", rule));
        return url.filter(fine -> refusal.isEmpty())
                .map(target -> (tick, instance) -> call(target, timeout, tick, instance));
    }

    private Result call(String url, Duration timeout, Tick tick, Instance instance) {
        String message = JSON.createObjectNode()
                .put("action", "tick")
                .put("name", instance.assignment().name())
                .put("token", tick.token())
                .put("node", tick.node())
                .put("tick", tick.at().toString())
                .put("attempt", tick.attempt())
                .toString();
        return switch (calls.post(url, message, timeout)) {
            case Reply.Answered answer ->
                answer.isGood()
                        ? new Result.Done("status " + answer.status())
                        : new Result.Failed("status " + answer.status());
            case Reply.Nothing(String why) -> instance.isStopping() ? new Result.CutShort() : new Result.Failed(why);
        };
    }

    private Optional<Action> running(Arguments arguments, SortedMap<String, String> values, Duration timeout) {
        Optional<String> name = arguments.text("command", NAME_CHARS_MAX);
        Optional<Command> command = name.map(commands::get);
        if (name.isPresent() && command.isEmpty()) {
            arguments.fault("/command", "is not a command of this node's configuration: " + name.get());
        }
        command.ifPresent(known ->
                known.faults("/parameters", values).forEach(fault -> arguments.fault(fault.field(), fault.rule())));
        return command.map(known -> (tick, instance) -> run(known, values, timeout, tick, instance));
    }

    private Result run(
            Command command, SortedMap<String, String> values, Duration timeout, Tick tick, Instance instance) {
        if (!command.faults("", values).isEmpty()) {
            return new Result.Failed("the parameters do not fit the command");
        }
        LogSink output = (stream, line) -> instance.say(line);
        RunningProcess program = programs.start(
                command.filled(values),
                instance.assignment(),
                Map.of("PARLEY_TICK", tick.at().toString(), "PARLEY_ATTEMPT", Integer.toString(tick.attempt())),
                output);
        CompletableFuture<Exit> exit = program.exit().toCompletableFuture();
        boolean inTime = awaitEnd(exit, timeout, instance);
        if (!inTime) {
            program.kill();
            exit.join();
            return instance.isStopping()
                    ? new Result.CutShort()
                    : new Result.Failed("killed: it took longer than " + timeout.toMillis() + " ms");
        }
        return switch (exit.join()) {
            case Exit.Finished finished -> new Result.Done("exit status 0");
            case Exit.Failed(String reason) -> new Result.Failed(reason);
        };
    }

    /** Counted in looks, not measured: a little longer than asked for does no harm. */
    private static boolean awaitEnd(CompletableFuture<Exit> exit, Duration timeout, Instance instance) {
        for (long looks = timeout.dividedBy(LOOK_EVERY) + 1; looks > 0; looks--) {
            try {
                exit.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException goesOn) {
                if (instance.isStopping()) {
                    return exit.isDone();
                }
            } catch (InterruptedException toldToEnd) {
                Thread.currentThread().interrupt();
                return exit.isDone();
            } catch (ExecutionException never) {
                return true;
            }
        }
        return exit.isDone();
    }
}
