package dev.parley.coordination.process.kind;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.RunningProcess;
import java.util.List;

/** Runs what a {@link ProcessFactory} makes. */
final class JavaKind implements Kind {
    private final ProcessFactory factory;

    JavaKind(ProcessFactory factory) {
        this.factory = factory;
    }

    @Override
    public String name() {
        return factory.kind();
    }

    @Override
    public List<Fault> faults(String argumentsJson) {
        try {
            return List.copyOf(factory.faults(argumentsJson));
        } catch (RuntimeException broken) {
            return List.of(new Fault("", "cannot be checked by the kind " + factory.kind() + ": " + broken));
        }
    }

    @Override
    public RunningProcess start(Assignment assignment, Effects effects, LogSink output) {
        JavaProcess process = new JavaProcess(assignment, effects, output);
        try {
            process.begin(factory.create(process));
            return process;
        } catch (RuntimeException failure) {
            throw new StartFault(String.valueOf(failure.getMessage()), failure);
        }
    }
}
