package io.hairpin.server.tls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Looks after TLS from time to time: at the files of certificates, at how long those are still
/// good, and at the keys of session tickets. All on a thread of its own, which may wait for disks.
public final class CertificateWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);

    private static final Duration DAY = Duration.ofDays(1);

    private final WatchedCertificates certificates;
    private final ClientAuthorities authorities;
    private final TlsContexts contexts;
    private final Duration expiryWarning;
    private final InstantSource clock;
    private @Nullable ScheduledExecutorService thread;

    /// @param expiryWarning how long before a certificate expires its operator is warned
    public CertificateWatch(
            WatchedCertificates certificates,
            ClientAuthorities authorities,
            TlsContexts contexts,
            Duration expiryWarning,
            InstantSource clock) {
        this.certificates = certificates;
        this.authorities = authorities;
        this.contexts = contexts;
        this.expiryWarning = expiryWarning;
        this.clock = clock;
    }

    /// Begins to watch.
    ///
    /// @param interval how often the files are looked at; zero for never
    public void start(Duration interval) {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("certificates").factory());
        thread = started;
        if (interval.isPositive()) {
            every(started, interval, this::look);
        }
        every(started, DAY, this::warn);
        every(started, TlsContexts.TICKET_KEY_LIFETIME, contexts::rotateTicketKeys);
    }

    /// Looks at the files, and uses what is new and good in them for new handshakes.
    public void look() {
        certificates.look(clock.instant());
        if (authorities.look()) {
            contexts.trust(authorities.certificates());
        }
    }

    /// Says which certificates need somebody's attention.
    void warn() {
        certificates.warnings(clock.instant(), expiryWarning).forEach(log::warn);
    }

    private static void every(ScheduledExecutorService thread, Duration period, Runnable task) {
        thread.scheduleWithFixedDelay(
                () -> attempt(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// A task that throws would never be run again.
    private static void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("watching certificates failed; it is tried again", e);
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }
}
