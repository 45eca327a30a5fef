package io.hairpin.cli;

import io.hairpin.server.config.AdminConfig;
import io.hairpin.server.config.AuthenticationConfig;
import io.hairpin.server.config.CompatibilityConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.LimitsConfig;
import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.server.config.LogConfig;
import io.hairpin.server.config.OauthConfig;
import io.hairpin.server.config.PeersConfig;
import io.hairpin.server.config.ProxyProtocolConfig;
import io.hairpin.server.config.RedirectConfig;
import io.hairpin.server.config.RelayAddress;
import io.hairpin.server.config.RelayConfig;
import io.hairpin.server.config.Secret;
import io.hairpin.server.config.SocketsConfig;
import io.hairpin.server.config.TcpPeersConfig;
import io.hairpin.server.config.TlsConfig;
import io.hairpin.server.config.WebhookConfig;
import io.hairpin.server.core.Cidr;
import io.netty.util.NetUtil;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// What is served without a configuration: this machine alone, for credentials made up on the spot.
record TryOut(Configuration configuration, String host, String user, Secret password) {

    private static final int PORT = 3478;
    private static final int TLS_PORT = 5349;

    /// 128 bits and a little more, in whole groups of Base64.
    private static final int SECRET_BYTES = 18;

    private static final int USER_BYTES = 3;

    private static final List<Cidr> EVERYWHERE = ranges("0.0.0.0/0", "::/0");
    private static final List<Cidr> LOOPBACK = ranges("127.0.0.0/8", "::1/128");

    /// Makes one for a machine with these addresses.
    static TryOut of(List<InetAddress> addresses, RandomGenerator random) {
        String user = "guest-" + HexFormat.of().formatHex(bytes(random, USER_BYTES));
        Secret password = secret(random);
        List<InetAddress> outward =
                addresses.stream().filter(address -> !address.isLoopbackAddress()).toList();
        Configuration configuration =
                new Configuration(
                        "hairpin.local",
                        listeners(addresses),
                        TlsConfig.tryOut(),
                        ProxyProtocolConfig.defaults(),
                        Optional.empty(),
                        relay(outward.isEmpty() ? addresses : outward),
                        SocketsConfig.defaults(),
                        new AuthenticationConfig(
                                Map.of(user, password),
                                List.of(secret(random)),
                                AuthenticationConfig.defaults().expiry(),
                                AuthenticationConfig.defaults().staleNonce(),
                                OauthConfig.defaults(),
                                WebhookConfig.defaults()),
                        new PeersConfig(
                                Stream.concat(LOOPBACK.stream(), outward.stream().map(Cidr::of))
                                        .toList(),
                                EVERYWHERE,
                                TcpPeersConfig.defaults()),
                        LimitsConfig.defaults(),
                        Optional.empty(),
                        RedirectConfig.defaults(),
                        List.of(),
                        // For the tools people have at hand.
                        new CompatibilityConfig(true, false, false, false, false),
                        AdminConfig.defaults(),
                        LogConfig.defaults());
        String host =
                outward.stream().findFirst().map(NetUtil::toAddressString).orElse("127.0.0.1");
        return new TryOut(configuration, host, user, password);
    }

    /// The addresses of this machine that packets can be sent to without naming an interface, IPv4
    /// before IPv6.
    static List<InetAddress> addressesOfThisMachine() throws SocketException {
        // Bridges of containers and the like come after the interfaces the machine started with.
        return NetworkInterface.networkInterfaces()
                .filter(TryOut::isUp)
                .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLinkLocalAddress())
                .map(TryOut::withoutScope)
                .distinct()
                .sorted(Comparator.comparing(address -> address instanceof Inet6Address))
                .toList();
    }

    /// What to do with it, as a block for people.
    String toText() {
        IceServers iceServers =
                IceServers.of(host, IceServers.offered(configuration), user, password.reveal());
        return """

        This is a try-out: only this machine's own addresses can be relayed to, and the user
        below is made up anew at each start. For more, see conf/hairpin.yaml and run
        hairpin serve --config FILE. TLS and DTLS are served as well, by a certificate that is
        made up too, so clients take it only if told to.

          user           %s
          password       %s
          shared secret  %s

        iceServers: %s

        """
                .formatted(user, password.reveal(), sharedSecret(), iceServers.toSnippet());
    }

    private String sharedSecret() {
        return configuration.authentication().sharedSecrets().getFirst().reveal();
    }

    private static List<ListenerConfig> listeners(List<InetAddress> addresses) {
        boolean ipv6 = addresses.stream().anyMatch(Inet6Address.class::isInstance);
        return Stream.of(ListenerTransport.values())
                .flatMap(
                        transport ->
                                (ipv6 ? Stream.of("0.0.0.0", "::") : Stream.of("0.0.0.0"))
                                        .map(InetAddress::ofLiteral)
                                        .map(any -> listener(transport, any)))
                .toList();
    }

    /// The ports of RFC 8656 §5; all serve TLS and DTLS, these are where clients expect them.
    private static ListenerConfig listener(ListenerTransport transport, InetAddress address) {
        boolean plain = transport == transport.carrier();
        return new ListenerConfig(transport, address, plain ? PORT : TLS_PORT);
    }

    /// One address of each family. All that is allowed can be reached from whichever it is, so a
    /// machine without a route to anywhere can be tried out as well.
    private static RelayConfig relay(List<InetAddress> addresses) {
        RelayConfig defaults = RelayConfig.defaults();
        List<RelayAddress> relays =
                Stream.of(Inet4Address.class, Inet6Address.class)
                        .flatMap(family -> addresses.stream().filter(family::isInstance).limit(1))
                        .map(address -> new RelayAddress(address, address))
                        .toList();
        return new RelayConfig(
                relays, defaults.ports(), defaults.threads(), defaults.tcp(), defaults.mobility());
    }

    private static Secret secret(RandomGenerator random) {
        return new Secret(Base64.getUrlEncoder().encodeToString(bytes(random, SECRET_BYTES)));
    }

    private static byte[] bytes(RandomGenerator random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("neither IPv4 nor IPv6: " + address, e);
        }
    }

    private static boolean isUp(NetworkInterface candidate) {
        try {
            return candidate.isUp();
        } catch (SocketException _) { // it has just gone away
            return false;
        }
    }

    private static List<Cidr> ranges(String... ranges) {
        return Stream.of(ranges).map(range -> Cidr.parse(range).orElseThrow()).toList();
    }
}
