package io.hairpin.cli;

import io.hairpin.client.Credentials;
import io.hairpin.client.load.Accounts;
import io.hairpin.server.auth.TurnRestCredential;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The options of `hairpin load` that say who its clients are.
final class LoadLogin {

    /// How long made-up credentials are good for.
    private static final Duration CREDENTIAL_LIFETIME = Duration.ofHours(24);

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "All of them are this user; needs --password.")
    private @Nullable String user;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            arity = "0..1",
            interactive = true,
            echo = false,
            prompt = "Password: ",
            description = "Asked for if there is no value.")
    private @Nullable String password;

    @Option(
            names = "--secret",
            paramLabel = "SECRET",
            arity = "0..1",
            interactive = true,
            echo = false,
            prompt = "Shared secret: ",
            description = {
                "The server's shared secret (TURN REST): each client is a user of its own, made"
                        + " up for the run. Asked for if there is no value.",
                "Without --user and --secret they have no credentials."
            })
    private @Nullable String secret;

    /// Throws `IllegalArgumentException` for options that contradict each other.
    Optional<Accounts> accounts(Instant now) {
        if (secret != null) {
            if (user != null || password != null) {
                throw new IllegalArgumentException("--secret makes users up; leave --user out");
            }
            String shared = secret;
            Instant expires = now.plus(CREDENTIAL_LIFETIME);
            return Optional.of(
                    client -> {
                        TurnRestCredential minted =
                                TurnRestCredential.mint(shared, "load-" + client, expires);
                        return new Credentials(minted.username(), minted.password());
                    });
        }
        if (user == null && password == null) {
            return Optional.empty();
        }
        if (user == null || password == null) {
            throw new IllegalArgumentException("--user and --password belong together");
        }
        Credentials credentials = new Credentials(user, password);
        return Optional.of(_ -> credentials);
    }
}
