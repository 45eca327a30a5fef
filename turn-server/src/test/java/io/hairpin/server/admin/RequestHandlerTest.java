package io.hairpin.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Optional;

/// Requests as the network cuts them up, which sockets on loopback leave to chance.
class RequestHandlerTest {
    private static final String REQUEST = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

    private final EmbeddedChannel connection = new EmbeddedChannel(false, false);

    RequestHandlerTest() throws Exception {
        Pages pages = new Pages(() -> "", Optional::empty);
        AdminLimits.DEFAULTS.addTo(connection.pipeline());
        connection.pipeline().addLast(new RequestHandler(pages));
        connection.register();
    }

    @AfterEach
    void close() {
        connection.finishAndReleaseAll();
    }

    @Test
    void aRequestInPiecesIsAnsweredOnceItIsWhole() {
        for (int round = 0; round < 3; round++) {
            for (int at = 1; at < REQUEST.length(); at++) {
                receive(REQUEST.substring(0, at));
                assertThat(answers()).as("after %d bytes", at).isZero();
                receive(REQUEST.substring(at));
                assertThat(answers()).as("cut at %d", at).isOne();
            }
        }
    }

    @Test
    void aRequestByteByByteIsAnswered() {
        REQUEST.chars().forEach(each -> receive(Character.toString(each)));

        assertThat(answers()).isOne();
    }

    @Test
    void severalRequestsAtOnceAreAllAnswered() {
        receive(REQUEST.repeat(1000));

        assertThat(answers()).isEqualTo(1000);
        receive(REQUEST);
        assertThat(answers()).isOne();
    }

    @Test
    void theRestOfARequestThatCameWithTheOneBeforeIsAwaited() {
        receive(REQUEST + REQUEST.substring(0, 10));
        assertThat(answers()).isOne();

        receive(REQUEST.substring(10));
        assertThat(answers()).isOne();
    }

    private void receive(String bytes) {
        connection.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
        connection.runPendingTasks();
    }

    /// How many answers have been written since the last call.
    private int answers() {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf part = connection.readOutbound();
                part != null;
                part = connection.readOutbound()) {
            sent.append(part.toString(US_ASCII));
            part.release();
        }
        return sent.toString().split("HTTP/1.1 200 OK", -1).length - 1;
    }
}
