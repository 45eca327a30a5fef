package io.hairpin.cli;

import io.hairpin.client.load.ClientTransport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server as a command is told it: by its name or address, or by a URI as browsers have it
/// ([RFC 7064](https://www.rfc-editor.org/rfc/rfc7064),
/// [RFC 7065](https://www.rfc-editor.org/rfc/rfc7065)).
///
/// @param address unresolved if there is none for its name
/// @param scheme of the URI, if it was one
record NamedServer(InetSocketAddress address, Optional<Scheme> scheme, ClientTransport transport) {

    /// What a URI begins with.
    enum Scheme {
        STUN(3478),
        STUNS(5349),
        TURN(3478),
        TURNS(5349);

        private final int port;

        Scheme(int port) {
            this.port = port;
        }

        boolean isTurn() {
            return this == TURN || this == TURNS;
        }

        private boolean isSecure() {
            return this == STUNS || this == TURNS;
        }

        /// What clients come by. Of `turns` with `udp`, RFC 7350 §4.6 says that it is DTLS.
        private ClientTransport transport(@Nullable String carrier) {
            boolean overUdp = carrier == null ? !isSecure() : carrier.equalsIgnoreCase("udp");
            if (overUdp) {
                return isSecure() ? ClientTransport.DTLS : ClientTransport.UDP;
            }
            return isSecure() ? ClientTransport.TLS : ClientTransport.TCP;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Reads one from the command line.
    static final class Converter implements ITypeConverter<NamedServer> {

        private static final Pattern PLACE =
                Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^:?/@\\[\\]]+))(?::(\\d{1,5}))?");

        /// A machine may be called `turn`: what follows a scheme is more than a port.
        private static final Pattern URI =
                Pattern.compile(
                        "(stuns?|turns?):(?!\\d+$)([^?]+)(?:\\?transport=(udp|tcp))?",
                        Pattern.CASE_INSENSITIVE);

        @Override
        public NamedServer convert(String text) {
            Matcher uri = URI.matcher(text);
            if (!uri.matches()) {
                return new NamedServer(
                        address(text, text, Scheme.STUN), Optional.empty(), ClientTransport.UDP);
            }
            Scheme scheme = Scheme.valueOf(uri.group(1).toUpperCase(Locale.ROOT));
            String carrier = uri.group(3);
            if (carrier != null && !scheme.isTurn()) {
                throw new TypeConversionException(
                        "'" + text + "': only turn: and turns: have a transport");
            }
            return new NamedServer(
                    address(text, uri.group(2), scheme),
                    Optional.of(scheme),
                    scheme.transport(carrier));
        }

        private static InetSocketAddress address(String text, String place, Scheme scheme) {
            Matcher matcher = PLACE.matcher(place);
            int port =
                    !matcher.matches()
                            ? -1
                            : matcher.group(3) == null
                                    ? scheme.port
                                    : Integer.parseInt(matcher.group(3));
            if (port < 1 || port > 0xFFFF) {
                throw new TypeConversionException(
                        "'"
                                + text
                                + "' is not a server such as 192.0.2.1, [2001:db8::1],"
                                + " turn.example.org:3478 or"
                                + " turns:turn.example.org?transport=tcp");
            }
            String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            return new InetSocketAddress(host, port);
        }
    }
}
