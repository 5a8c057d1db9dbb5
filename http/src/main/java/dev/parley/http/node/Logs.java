package dev.parley.http.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Where log lines go: nowhere until a node opens its file, but for what is wrong, which goes to standard error. */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logs extends ContextAwareBase implements Configurator {
    private static final int FILES_KEPT = 3;

    /** Libraries that talk much; only what is wrong is of interest. */
    private static final List<String> LOUD =
            List.of("org.apache.zookeeper", "org.apache.curator", "org.eclipse.jetty", "io.javalin", "io.netty");

    /** Found by the logging library when the first logger is asked for. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var stderr = new ConsoleAppender<ILoggingEvent>();
        stderr.setTarget("System.err");
        attach(context, stderr, new LogLines("-", false), Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** From here on the lines of this process go where the node's configuration says. */
    static void open(NodeConfig.Logging logging, String node) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        attach(context, file(context, logging), new LogLines(node, logging.json()), Level.INFO);
    }

    private static void attach(
            LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, LogLines lines, Level level) {
        lines.setContext(context);
        lines.start();
        appender.setContext(context);
        appender.setEncoder(lines);
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(appender);
        LOUD.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    }

    private static OutputStreamAppender<ILoggingEvent> file(LoggerContext context, NodeConfig.Logging logging) {
        if (logging.file().toString().equals("-")) {
            var stderr = new ConsoleAppender<ILoggingEvent>();
            stderr.setTarget("System.err");
            return stderr;
        }
        try {
            Files.createDirectories(logging.file().toAbsolutePath().getParent());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        var file = new RollingFileAppender<ILoggingEvent>();
        file.setFile(logging.file().toString());
        var window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(file);
        window.setFileNamePattern(logging.file() + ".%i");
        window.setMinIndex(1);
        window.setMaxIndex(FILES_KEPT);
        var size = new SizeBasedTriggeringPolicy<ILoggingEvent>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(logging.fileBytesMax()));
        file.setRollingPolicy(window);
        file.setTriggeringPolicy(size);
        window.start();
        size.start();
        return file;
    }
}
