package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;
import io.hairpin.client.TurnException;
import io.hairpin.stun.ErrorCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A server that may open so few files that clients use them all up.
class DescriptorsExhaustedIT {

    private static final int FILES = 200;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir private Path folder = Path.of("");

    @Test
    void whoHasAnAllocationKeepsItOthersAreToldAndAllIsWellOnceThereAreDescriptorsAgain()
            throws Exception {
        List<TurnClient> crowd = new ArrayList<>();
        try (ServerUnderTest server = start();
                TurnClient connected = client(server, "tcp");
                Talk talk = Talk.begin(client(server, "udp"))) {
            connected.bind();

            assertThatExceptionOfType(TurnException.class)
                    .isThrownBy(
                            () -> {
                                while (crowd.size() < 2 * FILES) {
                                    TurnClient one = client(server, "udp");
                                    crowd.add(one);
                                    one.allocate(AllocateOptions.udp());
                                }
                            })
                    .matches(DescriptorsExhaustedIT::isForWantOfRoom);
            assertThat(crowd).hasSizeGreaterThan(1);
            assertThatExceptionOfType(TurnException.class)
                    .isThrownBy(() -> connected.allocate(AllocateOptions.tcp()))
                    .matches(DescriptorsExhaustedIT::isForWantOfRoom);

            try (TurnClient waiting = client(server, "tcp")) {
                server.awaitLog("cannot be accepted", DEADLINE);
                talk.goOn();
                talk.client().bind();

                crowd.removeFirst().close();
                crowd.removeFirst().close();

                assertThat(waiting.bind()).isEqualTo(waiting.localAddress());
            }
            crowd.forEach(TurnClient::close);
            connected.allocate(AllocateOptions.tcp());
            talk.goOn();
            assertThat(server.metric("hairpin_answers_total", "code=\"508\"")).isEqualTo(2);
            assertThat(
                            server.metric(
                                    "hairpin_refused_connections_total", "reason=\"not_accepted\""))
                    .isPositive();
            assertThat(server.metric("hairpin_allocations_active")).isEqualTo(2);
        } finally {
            crowd.forEach(TurnClient::close);
        }
    }

    private ServerUnderTest start() {
        return ServerUnderTest.startWithin(
                List.of("sh", "-c", "ulimit -n " + FILES + " && exec \"$@\"", "sh"),
                folder,
                Map.of("relay.tcp", "true"));
    }

    private static TurnClient client(ServerUnderTest server, String transport) {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        InetSocketAddress address =
                new InetSocketAddress(loopback, server.port(transport, "127.0.0.1"));
        TurnClient client =
                transport.equals("tcp") ? TurnClient.tcp(address) : TurnClient.udp(address);
        return client.with(ServerUnderTest.USER, ServerUnderTest.PASSWORD);
    }

    private static boolean isForWantOfRoom(TurnException refused) {
        return refused.error().is(ErrorCode.INSUFFICIENT_CAPACITY);
    }
}
