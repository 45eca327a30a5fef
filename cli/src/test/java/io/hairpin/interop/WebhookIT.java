package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.AllocateOptions;
import io.hairpin.client.TurnClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Users that Python's web server knows are served by coturn's client, as long as it answers; what
/// becomes of it does not concern anybody who is served already.
class WebhookIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Pattern PORT = Pattern.compile("serving on (\\d+)");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String BOB = "bob";
    private static final String TULIP = "tulip";

    /// What tests share, but for those that end it or count what it is asked.
    private static final String SERVICE = "the service";

    private static Path script;
    private static Program service;
    private static int servicePort;
    private static ServerUnderTest server;
    private static EchoPeer peer;

    @BeforeAll
    static void startServiceAndServer(@TempDir Path folder) throws IOException {
        Tool.UCLIENT.path();
        script = folder.resolve("webhook.py");
        try (InputStream content = WebhookIT.class.getResourceAsStream("/interop/webhook.py")) {
            Files.copy(content, script);
        }
        service = serve(0);
        Matcher said = PORT.matcher(service.output());
        assertThat(said.find()).isTrue();
        servicePort = Integer.parseInt(said.group(1));
        peer = EchoPeer.start();
        server =
                ServerUnderTest.start(
                        folder,
                        Map.of(
                                "authentication.webhook.url",
                                "http://127.0.0.1:" + servicePort + "/turn",
                                "authentication.webhook.token",
                                "t0ken",
                                "authentication.webhook.timeout",
                                "1s"));
    }

    @AfterAll
    static void stopAll() {
        if (server != null) {
            server.close();
        }
        if (peer != null) {
            peer.close();
        }
        if (service != null) {
            service.close();
        }
    }

    private static Program serve(int port) {
        Program program =
                Program.start(List.of(Tool.PYTHON.path(), script.toString(), String.valueOf(port)));
        program.awaitOutput(
                "its port", text -> Optional.of(text).filter(PORT.asPredicate()), DEADLINE);
        return program;
    }

    @ConcurrentTest
    @ResourceLock(value = SERVICE, mode = ResourceAccessMode.READ)
    void aUserOfTheServiceIsServedOverUdp() {
        uclient(BOB, TULIP).losesNothing(2);
    }

    @ConcurrentTest
    @ResourceLock(value = SERVICE, mode = ResourceAccessMode.READ)
    void aUserOfTheServiceIsServedOverTcp() {
        uclient(BOB, TULIP).losesNothing(2, "-t");
    }

    @Test
    void whereUsersAreLookedUpIsSaidAtStart() {
        server.awaitLog(
                "users of example.org looked up at http://127.0.0.1:" + servicePort + "/turn",
                DEADLINE);
    }

    @Test
    @ResourceLock(SERVICE)
    void eachAllocationIsOneLookUp() throws Exception {
        double before = lookUps("found");

        try (TurnClient client = client("carol", "rose")) {
            client.allocate(AllocateOptions.udp());
            client.createPermission(LOOPBACK);
            client.channelBind(0x4000, new InetSocketAddress(LOOPBACK, peer.port()));
            client.refresh(Duration.ofMinutes(10));
        }

        assertThat(lookUps("found")).isEqualTo(before + 1);
    }

    @ConcurrentTest
    @ResourceLock(value = SERVICE, mode = ResourceAccessMode.READ)
    void aWrongPasswordAndAnUnknownUserAreRefusedAlike() {
        double found = lookUps("found");
        double unknown = lookUps("unknown");

        assertThat(uclient(BOB, "wrong").run().output()).contains("Cannot complete Allocation");
        assertThat(lookUps("found")).isGreaterThan(found);
        assertThat(uclient("nobody", TULIP).run("-t").output())
                .contains("Cannot complete Allocation");
        assertThat(lookUps("unknown")).isGreaterThan(unknown);
    }

    @ConcurrentTest
    @ResourceLock(value = SERVICE, mode = ResourceAccessMode.READ)
    void aServiceThatHangsKeepsNobodyElseWaiting() throws Exception {
        double failed = lookUps("failed");
        CompletableFuture<Program.Finished> hanging =
                CompletableFuture.supplyAsync(() -> uclient("hanging", "x").run());
        service.awaitOutput("asked for hanging", DEADLINE);

        try (TurnClient local = client(ServerUnderTest.USER, ServerUnderTest.PASSWORD);
                TurnClient another = client("carol", "rose")) {
            local.allocate(AllocateOptions.udp());
            another.allocate(AllocateOptions.udp());
        }

        assertThat(hanging.join().output()).contains("error 500");
        assertThat(lookUps("failed")).isGreaterThan(failed);
    }

    @Test
    @ResourceLock(SERVICE)
    void aCallOutlivesTheServiceThatLetItIn() throws Exception {
        try (Talk talk = Talk.begin(clientOverTcp(), BOB, TULIP)) {
            service.close();
            try (TurnClient local = client(ServerUnderTest.USER, ServerUnderTest.PASSWORD)) {
                talk.client().refresh(Duration.ofMinutes(10));
                talk.client().createPermission(InetAddress.ofLiteral("127.0.0.2"));
                talk.client()
                        .channelBind(
                                0x4001,
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.3"), 9));
                talk.goOn();

                assertThat(uclient(BOB, TULIP).run().output()).contains("error 500");
                local.allocate(AllocateOptions.udp());
            } finally {
                service = serve(servicePort);
            }
            try (TurnClient again = client(BOB, TULIP)) {
                again.allocate(AllocateOptions.udp());
            }
        }
        server.awaitLog("Users can be looked up at http://127.0.0.1:", DEADLINE);
    }

    private static double lookUps(String outcome) {
        return server.metric("hairpin_credential_lookups_total", "outcome=\"" + outcome + "\"");
    }

    private static Uclient uclient(String user, String password) {
        return Uclient.of(server, peer).as("-u", user, "-w", password);
    }

    private static TurnClient client(String user, String password) {
        return TurnClient.udp(address("udp")).with(user, password);
    }

    private static TurnClient clientOverTcp() {
        return TurnClient.tcp(address("tcp"));
    }

    private static InetSocketAddress address(String transport) {
        return new InetSocketAddress(LOOPBACK, server.port(transport, "127.0.0.1"));
    }
}
