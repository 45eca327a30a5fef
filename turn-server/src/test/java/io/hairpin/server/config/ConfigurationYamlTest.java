package io.hairpin.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ConfigurationYamlTest {

    private static final String YAML =
            """
            realm: '123'
            listeners:
              - {transport: udp, address: '::', port: 3478}
              - {transport: tcp, address: 0.0.0.0, port: 3478}
            tls:
              certificate: /etc/hairpin/fullchain.pem
              key: /etc/hairpin/privkey.pem
              key-passphrase: <redacted>
              more-certificates:
                - {certificate: /etc/hairpin/b.pem, key: /etc/hairpin/b.pem, key-passphrase: <redacted>}
                - {certificate: /etc/hairpin/c.pem, key: /etc/hairpin/c.pem}
              self-signed: false
              versions: [TLSv1.2, TLSv1.3]
              ciphers: [TLS_AES_128_GCM_SHA256]
              client-certificates: required
              client-ca: /etc/hairpin/clients.pem
              raw-public-keys: false
              reload-interval: 0s
              expiry-warning: 336h
              provider: boringssl
            proxy-protocol:
              from: [10.0.0.0/8]
            http-backend: '[::1]:8080'
            relay:
              addresses:
                - {bind: 10.0.0.5, advertise: 203.0.113.7}
              ports: 50000-50999
              threads: 0
              tcp: false
              mobility: false
            sockets:
              kind: auto
              offload: true
              traffic-class: true
              hop-limit: system
              listener-receive-buffer: 4MiB
              listener-send-buffer: 4MiB
              relay-receive-buffer: 0B
              relay-send-buffer: 0B
            authentication:
              users:
                alice: <redacted>
                'a: b': <redacted>
              shared-secrets: [<redacted>]
              expiry: allocate
              stale-nonce: 10m
              oauth:
                keys: []
              webhook:
                timeout: 2s
            peers:
              allow: [127.0.0.0/8, '::1/128']
              deny: []
              tcp:
                allow: []
                deny: []
                ports: [1024-65535]
            limits:
              allocations-per-user: 20
              allocations: 10000
              permissions-per-allocation: 64
              permissions-per-user: 320
              permissions: 160000
              channels-per-allocation: 64
              channels-per-user: 320
              channels: 160000
              reservations-per-user: 20
              reservations: 1000
              peer-connections-per-user: 200
              peer-connections: 10000
              peer-connections-per-allocation: 32
              peer-connect-timeout: 30s
              unauthenticated-per-source: 100
              unauthenticated-per-network: 1000
              unauthenticated-in-all: 20000
              pending-authentications: 1000
              tcp-connections: 10000
              tcp-write-queue: 256KiB
              tcp-idle-timeout: 5m
              tcp-first-message-timeout: 10s
              tls-handshakes: 1000
              tls-handshake-timeout: 10s
              dtls-sessions: 10000
              dtls-handshakes: 1000
              dtls-handshake-timeout: 10s
              dtls-idle-timeout: 5m
              default-lifetime: 10m
              max-lifetime: 1h30m
              permission-lifetime: 5m
              channel-lifetime: 10m
              moves-per-minute: 20
              moves-per-user: 10
              moves: 5000
              bandwidth:
                per-allocation: 50Mbit/s
                per-user: unlimited
                server: unlimited
                burst: 1s
              sources:
                exempt: [127.0.0.0/8, '::1/128']
                allocations-per-address: 2000
                allocations-per-network: 5000
                permissions-per-address: 32000
                permissions-per-network: 80000
                channels-per-address: 32000
                channels-per-network: 80000
                reservations-per-address: 200
                reservations-per-network: 500
                peer-connections-per-address: 2000
                peer-connections-per-network: 5000
                moves-per-address: 1000
                moves-per-network: 2500
                pending-authentications-per-address: 100
                pending-authentications-per-network: 250
                connections-per-address: 2000
                connections-per-network: 5000
                handshakes-per-address: 250
                handshakes-per-network: 500
            redirect:
              when: always
              alternates: []
            realms: []
            compatibility:
              rfc5766-channels: false
              rfc3489: false
              reason-phrases: false
              origin-consistency: false
              bandwidth-attribute: false
            admin:
              address: 127.0.0.1
              port: 9641
            log:
              format: text
              level: info
            """;

    @TempDir Path folder;

    @Test
    void theEffectiveConfigurationIsWhatAnOperatorWouldHaveWritten() throws IOException {
        assertThat(load(YAML.replace("<redacted>", "north")).toYaml()).isEqualTo(YAML);
    }

    @Test
    void itLoadsToTheSameConfigurationOnceTheSecretsAreFilledIn() throws IOException {
        Configuration configuration =
                load(
                        """
                        realm: example.org
                        authentication: { users: { alice: north, bob: north } }
                        limits: { tcp-write-queue: 65537B, max-lifetime: 3601s }
                        """);

        assertThat(load(configuration.toYaml().replace("<redacted>", "north")))
                .isEqualTo(configuration);
    }

    private Configuration load(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("hairpin.yaml"), yaml);
        return switch (ConfigurationLoader.load(file, Map.of())) {
            case Loaded.Valid(Configuration configuration) -> configuration;
            case Loaded.Invalid(List<ConfigProblem> problems) ->
                    throw new AssertionError(problems.toString());
        };
    }
}
