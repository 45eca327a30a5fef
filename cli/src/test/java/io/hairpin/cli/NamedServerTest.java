package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.client.load.ClientTransport;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.TypeConversionException;

import java.net.InetSocketAddress;

class NamedServerTest {

    private final NamedServer.Converter converter = new NamedServer.Converter();

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 3478",
        "192.0.2.1:53, 192.0.2.1, 53",
        "[2001:db8::1], 2001:db8::1, 3478",
        "[2001:db8::1]:53, 2001:db8::1, 53",
        "turn.invalid, turn.invalid, 3478",
        "turn:53, turn, 53",
    })
    void aNameOrAnAddressMayHaveAPort(String text, String host, int port) {
        NamedServer server = converter.convert(text);

        assertThat(server.scheme()).isEmpty();
        assertThat(server.address()).isEqualTo(new InetSocketAddress(host, port));
        assertThat(server.transport()).isEqualTo(ClientTransport.UDP);
    }

    /// RFC 7064 §3, RFC 7065 §3 and its table in §3.2, RFC 7350 §4.6.
    @ParameterizedTest
    @CsvSource({
        "stun:192.0.2.1, STUN, 192.0.2.1, 3478, UDP",
        "stuns:192.0.2.1, STUNS, 192.0.2.1, 5349, TLS",
        "stun:[2001:db8::1]:53, STUN, 2001:db8::1, 53, UDP",
        "turn:turn.invalid, TURN, turn.invalid, 3478, UDP",
        "TURN:turn.invalid?transport=UDP, TURN, turn.invalid, 3478, UDP",
        "turn:turn.invalid:80?transport=tcp, TURN, turn.invalid, 80, TCP",
        "turns:turn.invalid, TURNS, turn.invalid, 5349, TLS",
        "turns:turn.invalid:443?transport=tcp, TURNS, turn.invalid, 443, TLS",
        "turns:turn.invalid?transport=udp, TURNS, turn.invalid, 5349, DTLS",
    })
    void aUriSaysHowToComeThereToo(
            String text,
            NamedServer.Scheme scheme,
            String host,
            int port,
            ClientTransport transport) {
        NamedServer server = converter.convert(text);

        assertThat(server.scheme()).contains(scheme);
        assertThat(server.address()).isEqualTo(new InetSocketAddress(host, port));
        assertThat(server.transport()).isEqualTo(transport);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "turn:",
                "turns://turn.invalid",
                "turn:user@[::1",
                "turn:turn.invalid?transport=sctp",
                "turn:turn.invalid?other=udp",
                "turn:turn.invalid:0",
                "stun:turn.invalid:99999",
                "http:turn.invalid",
                "2001:db8::1",
            })
    void whatIsNeitherIsRefused(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("is not a server such as");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stun:turn.invalid?transport=udp", "stuns:[::1]?transport=tcp"})
    void aTransportBelongsToTurn(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .hasMessageContaining("only turn: and turns: have a transport");
    }
}
