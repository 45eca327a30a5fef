package io.hairpin.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Whatever holds a secret keeps it to itself when it is printed.
class SecretHoldersTest {

    private static final String REALM = "example.org";

    /// Long enough for every kind of key.
    private static final String MARKER = "TELLTALE-".repeat(8);

    private static final byte[] BYTES = MARKER.getBytes(UTF_8);

    private static final TestClock CLOCK = new TestClock(Instant.ofEpochSecond(1_800_000_000));
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 5000);

    static Stream<Object> holders() {
        StaticUsers users = new StaticUsers(REALM, Map.of("alice", MARKER));
        SharedSecrets secrets = new SharedSecrets(REALM, List.of(MARKER), CLOCK);
        TokenKey tokenKey = new TokenKey("north", TokenAlgorithm.A256GCM, BYTES);
        AccessTokens tokens =
                new AccessTokens(REALM, TokenMint.SERVER_NAME, List.of(tokenKey), CLOCK);
        Nonces nonces = new Nonces(BYTES, Duration.ofMinutes(10), CLOCK);
        Authenticator authenticator =
                new Authenticator(REALM, List.of(users, secrets), nonces, tokens);
        IntegrityKey key = IntegrityKey.ofBytes(BYTES);
        StunMessage request =
                SignedRequest.classic(authenticator.challenge(CLIENT), "alice", MARKER).build();
        TokenSession session =
                new TokenSession("north", "north\tx", key, true, Instant.ofEpochSecond(0));
        return Stream.of(
                users,
                users.find("alice", PasswordAlgorithm.MD5),
                secrets,
                secrets.find("1800000600:bob", PasswordAlgorithm.SHA_256),
                tokenKey,
                tokens,
                tokens.open("north", new byte[100]),
                nonces,
                authenticator,
                authenticator.challenge(CLIENT),
                authenticator.candidates("alice", PasswordAlgorithm.MD5),
                authenticator.authenticate(request, CLIENT),
                request,
                key,
                new Credential("alice", key),
                session,
                new TokenGrant(session, Duration.ofMinutes(1)),
                AccessToken.of(Arrays.copyOf(BYTES, 32), Instant.EPOCH, Duration.ofMinutes(1)),
                new Verdict.Authenticated(
                        "alice",
                        key,
                        Integrity.SHA1,
                        new Term(Expiry.ALLOCATE, Term.ENDLESS),
                        Optional.of(new TokenGrant(session, Duration.ofMinutes(1)))),
                TurnRestCredential.mint(MARKER, "bob", Instant.ofEpochSecond(1_800_000_600)),
                new TurnRestCredential("bob", MARKER),
                TurnRestCredential.key(MARKER),
                new GcmTicketSeal(new SecureRandom()));
    }

    @ParameterizedTest
    @MethodSource("holders")
    void itDoesNotShowItself(Object holder) {
        String shown = holder.toString().toLowerCase(Locale.ROOT);
        String password =
                TurnRestCredential.password(TurnRestCredential.key(MARKER), "1800000600:bob");

        for (String form : forms(BYTES)) {
            assertThat(shown).doesNotContain(form.toLowerCase(Locale.ROOT));
        }
        assertThat(shown).doesNotContain("telltale", password.toLowerCase(Locale.ROOT));
    }

    /// The ways in which bytes get printed; a part is enough to betray them.
    private static List<String> forms(byte[] secret) {
        byte[] start = Arrays.copyOf(secret, 9);
        String decimal = Arrays.toString(start);
        return List.of(
                HexFormat.of().formatHex(start),
                Base64.getEncoder().encodeToString(start),
                decimal.substring(1, decimal.length() - 1));
    }
}
