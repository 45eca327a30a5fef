package io.hairpin.server.config;

import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Where relayed transport addresses come from.
///
/// No addresses means that the server takes this machine's own, one per family; zero threads means
/// one per core.
public record RelayConfig(
        @Default("[]") List<RelayAddress> addresses,
        @Default("49152-65535") PortRange ports,
        @Default("0") int threads,
        @Default("false") boolean tcp,
        @Default("false") boolean mobility) {

    private static final int MAX_THREADS = 1024;

    /// RFC 8656 §7.2.
    private static final int FIRST_RELAY_PORT = 1024;

    public RelayConfig {
        addresses = List.copyOf(addresses);
        new Rules()
                .range("threads", threads, 0, MAX_THREADS)
                .check(
                        ports.first() >= FIRST_RELAY_PORT,
                        "ports",
                        ports.toString(),
                        "ports below 1024 are those of services, which a relay should not pose as",
                        "choose ports from 1024 on, such as 49152-65535")
                .checkAll(duplicates(addresses))
                .enforce();
    }

    /// What holds where nothing is set.
    public static RelayConfig defaults() {
        return Binder.defaults(RelayConfig.class);
    }

    private static List<Violation> duplicates(List<RelayAddress> addresses) {
        List<Violation> violations = new ArrayList<>();
        Set<InetAddress> bound = new HashSet<>();
        Set<InetAddress> advertised = new HashSet<>();
        for (int i = 0; i < addresses.size(); i++) {
            RelayAddress address = addresses.get(i);
            if (!bound.add(address.bind())) {
                violations.add(duplicate(i, "bind", address.bind()));
            } else if (!advertised.add(address.advertise())) {
                violations.add(duplicate(i, "advertise", address.advertise()));
            }
        }
        return violations;
    }

    private static Violation duplicate(int index, String key, InetAddress address) {
        return new Violation(
                List.of("addresses[" + index + "]." + key),
                NetUtil.toAddressString(address),
                "another relay address has it already",
                "name each address once");
    }
}
