package io.hairpin.server.admin;

import io.hairpin.server.admin.LookUpCounters.Outcome;
import io.hairpin.server.core.CloseReason;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.Limit;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.Refusals;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The metrics of the server. These are all there are, besides Micrometer's own on the JVM and the
/// process (`jvm_…`, `process_…`, `system_…`):
///
/// | name | type | labels | |
/// |---|---|---|---|
/// | `hairpin_allocations_active` | gauge | | allocations that exist now |
/// | `hairpin_allocations_opened_total` | counter | | allocations made |
/// | `hairpin_allocations_closed_total` | counter | `reason` | allocations ended, by [CloseReason]
/// |
/// | `hairpin_allocations_moved_total` | counter | | moves of clients to this listener (RFC 8016) |
/// | `hairpin_relayed_packets_total` | counter | `direction` | packets passed on |
/// | `hairpin_relayed_bytes_total` | counter | `direction` | their data, without our headers |
/// | `hairpin_dropped_packets_total` | counter | `reason` | packets not passed on, by [DropReason]
/// |
/// | `hairpin_icmp_errors_total` | counter | | ICMP errors that clients were told of |
/// | `hairpin_refused_connections_total` | counter | `reason` | never served, by [RefusalReason] |
/// | `hairpin_requests_total` | counter | `method` | STUN requests received |
/// | `hairpin_answers_total` | counter | `method`, `code` | responses sent |
/// | `hairpin_certificate_days_left` | gauge | `certificate` | until it expires, by its file |
///
/// With a certificate there is also, for all listeners together, the counter
/// `hairpin_dtls_sessions_opened_total`. With a webhook there are the counter
/// `hairpin_credential_lookups_total` by `outcome` (`found`, `unknown`, `failed`) and the summary
/// `hairpin_credential_lookup_seconds` of their time. `hairpin serve` adds
/// `hairpin_log_events_lost_total`. Of the whole server there is the gauge
/// `hairpin_relay_ports_free`.
///
/// Of the whole server are also `hairpin_limit`, `hairpin_limit_used` and the counter
/// `hairpin_limit_refusals_total`, whose label `limit` is the key under `limits` in the
/// configuration: what it is set to, what is in use of it, and how many requests met it. So the
/// tables of the server are among them: DTLS sessions, connections with peers, and all others. What
/// met one otherwise is among the refused connections or the dropped packets, by reason.
/// `hairpin_realm_limit` and `hairpin_realm_limit_used` are the same for each realm beside the
/// first, by `realm`; what met one of those is counted under `realms.limits.` and the key.
///
/// All in the table but the last have `transport` and `listener` as well, the listener the client
/// came in by. `direction` is `to_peer` or `to_client`. `code` is `success` or a STUN error code
/// such as `401`; a pair of method and code appears once it has occurred, everything else from the
/// start. No label ever holds a user or a peer, so the number of series does not grow with use.
///
/// Shards count on their own ([ListenerCounters]); sums are made when somebody asks for them.
public final class ServerMetrics implements AutoCloseable {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String SUCCESS = "success";

    /// The methods a client may use in a request.
    private static final Set<Method> REQUESTS =
            EnumSet.complementOf(EnumSet.of(Method.SEND, Method.DATA, Method.CONNECTION_ATTEMPT));

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final List<Listener> listeners;

    /// What counts is kept here, since the registry lets go of what nobody else holds.
    private final List<Object> counting = new ArrayList<>();

    /// A listener as the registry knows it.
    private record Listener(Tags tags, CountedListener counted, Set<Integer> answersShown) {
        static Listener of(CountedListener counted) {
            ListenerLabels labels = counted.labels();
            return new Listener(
                    Tags.of("transport", labels.transport(), "listener", labels.address()),
                    counted,
                    new HashSet<>());
        }

        long sum(int cell) {
            return counted.sum(cell);
        }
    }

    /// @throws IllegalArgumentException if two listeners have the same labels
    public ServerMetrics(List<CountedListener> listeners) {
        List<ListenerLabels> labels = listeners.stream().map(CountedListener::labels).toList();
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("two listeners with the same labels: " + labels);
        }
        this.listeners = listeners.stream().map(Listener::of).toList();
        this.listeners.forEach(this::register);
        registerJvm();
    }

    /// Shows how many relay ports are free.
    public void freePorts(IntSupplier free) {
        gauge("relay.ports.free", "Relay ports that are free, on all addresses together", free);
    }

    private synchronized void gauge(String name, String description, IntSupplier value) {
        counting.add(value);
        Gauge.builder("hairpin." + name, value, IntSupplier::getAsInt)
                .description(description)
                .register(registry);
    }

    /// Shows a count that belongs to no listener.
    ///
    /// @param name without `hairpin`, with dots
    public synchronized void count(String name, String description, LongSupplier count) {
        counting.add(count);
        FunctionCounter.builder("hairpin." + name, count, LongSupplier::getAsLong)
                .description(description)
                .register(registry);
    }

    /// Shows what is in use of a limit.
    ///
    /// @param key what it is called under `limits`
    public void limit(String key, int most, IntSupplier used) {
        limit("hairpin.limit", Tags.of("limit", key), most, used);
    }

    /// Shows what is in use of a limit of a realm beside the first.
    ///
    /// @param key what it is called under the realm's `limits`
    public void limit(String realm, String key, int most, IntSupplier used) {
        limit("hairpin.realm.limit", Tags.of("realm", realm, "limit", key), most, used);
    }

    private void limit(String name, Tags tags, int most, IntSupplier used) {
        Gauge.builder(name, () -> most)
                .description("What a limit is set to")
                .tags(tags)
                .register(registry);
        Gauge.builder(name + ".used", used::getAsInt)
                .description(
                        "What is in use of a limit; by user or source, of the one that uses most")
                .tags(tags)
                .register(registry);
    }

    /// Shows how often limits were met by requests.
    public void refusals(Refusals refusals) {
        for (Limit limit : Limit.values()) {
            FunctionCounter.builder("hairpin.limit.refusals", refusals, each -> each.of(limit))
                    .description("Requests refused since they would have exceeded a limit")
                    .tags("limit", limit.key())
                    .register(registry);
        }
    }

    /// Shows what came of looking credentials up.
    public synchronized void lookUps(LookUpCounters lookUps) {
        counting.add(lookUps);
        for (Outcome outcome : Outcome.values()) {
            FunctionCounter.builder(
                            "hairpin.credential.lookups", lookUps, each -> each.count(outcome))
                    .description("Look-ups of credentials that have ended")
                    .tags("outcome", label(outcome))
                    .register(registry);
        }
        FunctionTimer.builder(
                        "hairpin.credential.lookup",
                        lookUps,
                        LookUpCounters::all,
                        LookUpCounters::totalNanos,
                        TimeUnit.NANOSECONDS)
                .description("How long look-ups of credentials took")
                .register(registry);
    }

    /// Shows for how many days a certificate is still good; below zero once it has expired.
    public void addCertificate(String name, Supplier<Number> daysLeft) {
        Gauge.builder("hairpin.certificate.days.left", daysLeft)
                .description("Days until the certificate expires")
                .tags("certificate", name)
                .register(registry);
    }

    /// Everything counted so far, in the text format of Prometheus ([#CONTENT_TYPE]).
    public synchronized String scrape() {
        listeners.forEach(this::registerAnswers);
        return registry.scrape();
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }

    private void register(Listener listener) {
        Gauge.builder("hairpin.allocations.active", listener, ServerMetrics::active)
                .description("Allocations that exist now")
                .tags(listener.tags())
                .register(registry);
        counter(listener, "allocations.opened", "Allocations made", Tags.empty(), Cells.opened());
        for (CloseReason reason : CloseReason.values()) {
            Tags tags = Tags.of("reason", label(reason));
            counter(
                    listener,
                    "allocations.closed",
                    "Allocations ended",
                    tags,
                    Cells.closed(reason));
        }
        counter(
                listener,
                "allocations.moved",
                "Moves of clients with an allocation to this listener",
                Tags.empty(),
                Cells.arrived());
        for (Direction direction : Direction.values()) {
            Tags tags = Tags.of("direction", label(direction));
            counter(
                    listener,
                    "relayed.packets",
                    "Packets passed on",
                    tags,
                    Cells.packets(direction));
            counter(
                    listener,
                    "relayed.bytes",
                    "Data passed on, without headers of STUN or ChannelData",
                    tags,
                    Cells.bytes(direction));
        }
        for (DropReason reason : DropReason.values()) {
            Tags tags = Tags.of("reason", label(reason));
            counter(
                    listener,
                    "dropped.packets",
                    "Packets not passed on",
                    tags,
                    Cells.dropped(reason));
        }
        counter(
                listener,
                "icmp.errors",
                "ICMP errors that clients were told of",
                Tags.empty(),
                Cells.icmpTold());
        if (listener.counted().labels().isConnected()) {
            registerRefusals(listener);
        }
        for (Method method : REQUESTS) {
            Tags tags = Tags.of("method", label(method));
            counter(listener, "requests", "STUN requests received", tags, Cells.requested(method));
        }
    }

    private void registerRefusals(Listener listener) {
        for (RefusalReason reason : RefusalReason.values()) {
            Tags tags = Tags.of("reason", label(reason));
            counter(
                    listener,
                    "refused.connections",
                    "Connections closed before their first message",
                    tags,
                    Cells.refused(reason));
        }
    }

    /// There are hundreds of pairs of method and code, and few occur; those that do are found here
    /// rather than announced by a shard, which has better things to do.
    private void registerAnswers(Listener listener) {
        for (Method method : Method.values()) {
            registerAnswer(listener, method, SUCCESS, Cells.answered(method));
            for (ErrorCode code : ErrorCode.values()) {
                registerAnswer(
                        listener,
                        method,
                        Integer.toString(code.code()),
                        Cells.rejected(method, code));
            }
        }
    }

    private void registerAnswer(Listener listener, Method method, String code, int cell) {
        if (listener.sum(cell) > 0 && listener.answersShown().add(cell)) {
            Tags tags = Tags.of("method", label(method), "code", code);
            counter(listener, "answers", "STUN responses sent", tags, cell);
        }
    }

    private void counter(Listener listener, String name, String description, Tags tags, int cell) {
        FunctionCounter.builder("hairpin." + name, listener, counted -> counted.sum(cell))
                .description(description)
                .tags(listener.tags().and(tags))
                .register(registry);
    }

    private void registerJvm() {
        Stream.of(
                        new ClassLoaderMetrics(),
                        garbageCollection,
                        new JvmInfoMetrics(),
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new FileDescriptorMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics())
                .forEach(metrics -> metrics.bindTo(registry));
    }

    private static double active(Listener listener) {
        // What has ended is read first, so that no allocation can be seen to close unopened.
        long ended = listener.sum(Cells.left());
        for (CloseReason reason : CloseReason.values()) {
            ended += listener.sum(Cells.closed(reason));
        }
        return listener.sum(Cells.opened()) + listener.sum(Cells.arrived()) - ended;
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
