package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.hairpin.stun.Decoded;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import java.nio.ByteBuffer;
import java.util.List;

/// No bytes make the core throw, answer twice, or keep what it should not.
class CoreFuzzTest {

    /// Whoever cannot sign gets one answer at most, and leaves nothing behind.
    @FuzzTest
    void beforeAuthentication(byte[] datagram) {
        if (!(StunDecoder.decode(ByteBuffer.wrap(datagram))
                instanceof Decoded.Message(StunMessage message))) {
            return;
        }
        FuzzedServer server = new FuzzedServer();

        List<Effect> effects = server.receives(message);

        assertThat(effects).hasSize(1);
        assertThat(effects).noneMatch(Effect.OpenRelay.class::isInstance);
        assertThat(server.leftovers()).isEmpty();
    }

    /// The bytes are a script for clients that know their passwords; [FuzzedServer#play] reads it.
    @FuzzTest
    void afterAuthentication(byte[] script) {
        FuzzedServer server = new FuzzedServer();

        server.play(ByteBuffer.wrap(script));

        server.waitUntilAllIsOver();
        assertThat(server.leftovers()).isEmpty();
    }
}
