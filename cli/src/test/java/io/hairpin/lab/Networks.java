package io.hairpin.lab;

import io.hairpin.interop.Program;
import io.hairpin.interop.Tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The two networks of a pair, and in each a place for a browser. They are made anew for each call,
/// so no NAT remembers anything.
final class Networks implements AutoCloseable {

    /// The file with the rules of a carrier's NAT, without its ending.
    static final String CARRIER = "carrier";

    private final Internet internet;
    private final Path folder;
    private final Wiring wiring;
    private final List<Namespace> hosts = new ArrayList<>();
    private final List<Namespace> translators = new ArrayList<>();
    private final List<Program> programs = new ArrayList<>();

    private Networks(Internet internet, Path folder, Path rules) {
        this.internet = internet;
        this.folder = folder;
        this.wiring = new Wiring(rules);
    }

    /// @param folder for what the programs that it takes write
    /// @param rules the folder with the rules of every kind
    static Networks make(Internet internet, Pair pair, Path folder, Path rules) {
        Networks networks = new Networks(internet, folder, rules);
        try {
            networks.plan(pair);
            networks.wiring.run();
            networks.translators.forEach(networks::translate);
            return networks;
        } catch (AssertionError | RuntimeException e) {
            networks.close();
            throw e;
        }
    }

    Namespace caller() {
        return hosts.getFirst();
    }

    Namespace callee() {
        return hosts.getLast();
    }

    private void plan(Pair pair) {
        List<Kind> kinds = List.of(pair.caller(), pair.callee());
        List<Namespace> carriers = new ArrayList<>();
        for (int number = 1; number <= kinds.size(); number++) {
            Namespace host = wiring.namespace("host-" + number);
            hosts.add(host);
            Kind kind = kinds.get(number - 1);
            switch (kind) {
                case PUBLIC -> internet.connect(wiring, host, number);
                case IPV6 -> ipv6(host, number);
                case CARRIER -> {
                    if (carriers.isEmpty() || !pair.isShared()) {
                        carriers.add(gateway("carrier", CARRIER, number));
                    }
                    Namespace home = wiring.router("home-" + number);
                    subscribe(carriers.getLast(), home, number);
                    wiring.rules(home, kind.rules(), "100.64.%d.2".formatted(number));
                    lan(home, host, number);
                }
                default -> {
                    if (carriers.isEmpty() || !pair.isShared()) {
                        carriers.add(gateway("gateway", kind.rules(), number));
                    }
                    lan(carriers.getLast(), host, number);
                }
            }
        }
    }

    private Namespace gateway(String role, String rules, int number) {
        Namespace gateway = wiring.router(role + "-" + number);
        String outside = internet.connect(wiring, gateway, number);
        wiring.rules(gateway, rules, outside);
        return gateway;
    }

    /// Connects a router at home to its carrier, by addresses set aside for that (RFC 6598).
    private void subscribe(Namespace carrier, Namespace home, int number) {
        String prefix = "100.64.%d.".formatted(number);
        wiring.cable(
                new Wiring.End(home, "wan", prefix + "2/24"),
                new Wiring.End(carrier, "lan-" + number, prefix + "1/24"));
        wiring.route(home, "default", prefix + "1");
    }

    private void lan(Namespace gateway, Namespace host, int number) {
        String prefix = "192.168.%d.".formatted(number);
        wiring.cable(
                new Wiring.End(host, "eth0", prefix + "2/24"),
                new Wiring.End(gateway, "lan-" + number, prefix + "1/24"));
        wiring.route(host, "default", prefix + "1");
    }

    private void ipv6(Namespace host, int number) {
        Namespace gateway = gateway("gateway", Kind.IPV6.rules(), number);
        String prefix = "2001:db8:%d::".formatted(number);
        internet.connectIpv6(wiring, gateway, number, prefix + "/64");
        wiring.cable(
                new Wiring.End(host, "eth0", prefix + "2/64"),
                new Wiring.End(gateway, "lan-" + number, prefix + "1/64"));
        wiring.route(host, "default", prefix + "1");
        wiring.tunnel(gateway, "nat64", "192.168.64.0/24", Internet.NAT64_PREFIX + "/96");
        translators.add(gateway);
    }

    /// Starts what translates between IPv6 and IPv4 there.
    private void translate(Namespace gateway) {
        Path own = folder.resolve(gateway.name());
        Path configuration = own.resolve("tayga.conf");
        try {
            Files.createDirectories(own);
            Files.writeString(
                    configuration,
                    """
                    tun-device nat64
                    ipv4-addr 192.168.64.1
                    prefix %s/96
                    dynamic-pool 192.168.64.0/24
                    data-dir %s
                    """
                            .formatted(Internet.NAT64_PREFIX, own));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        programs.add(
                Program.start(
                        gateway.command(
                                List.of(
                                        Tool.TAYGA.path(),
                                        "--nodetach",
                                        "--config",
                                        configuration.toString())),
                        Map.of()));
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        for (int number = 1; number <= hosts.size(); number++) {
            internet.disconnect(number);
        }
        wiring.made().forEach(Namespace::delete);
    }
}
