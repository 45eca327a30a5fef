package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CONNECTION_ID;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import java.net.InetSocketAddress;

/// A ConnectionAttempt indication, without its transaction id.
record Announced(FiveTuple to, InetSocketAddress peer, ConnectionId id) {

    static Announced seen(FiveTuple to, StunMessage message) {
        assertThat(message.messageClass()).isEqualTo(MessageClass.INDICATION);
        assertThat(message.method()).isEqualTo(Method.CONNECTION_ATTEMPT);
        assertThat(message.attributeCodes())
                .containsExactly(XOR_PEER_ADDRESS.code(), CONNECTION_ID.code());
        return new Announced(
                to,
                message.find(XOR_PEER_ADDRESS).orElseThrow(),
                new ConnectionId(message.find(CONNECTION_ID).orElseThrow()));
    }
}
