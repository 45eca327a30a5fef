package io.hairpin.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;

import io.hairpin.server.config.LogConfig;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/// Hands Logback to SLF4J as [Logging] sets it up.
///
/// Logback's own provider first compares versions, looks for configuration files in every jar, and
/// sets up a console that would be replaced at once; a server would wait for all of it.
public final class LoggingProvider implements SLF4JServiceProvider {

    private final LoggerContext context = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();

    /// Makes SLF4J, which must not be in use yet, ask this class for loggers.
    static void install() {
        System.setProperty("slf4j.provider", LoggingProvider.class.getName());
        System.setProperty(
                "slf4j.internal.verbosity", "WARN"); // or it tells everybody of the above
    }

    @Override
    public void initialize() {
        context.setName("hairpin");
        context.setMDCAdapter(diagnostics);
        Logging.configure(context, LogConfig.defaults(), System.out);
        context.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return diagnostics;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99"; // SLF4J 2.0, whichever
    }
}
