package io.hairpin.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A web service of the operator's that is asked for users whom this server does not know.
///
/// @param token what the server shows it, as a bearer token
/// @param ca the authorities that may have issued its certificate; the system's if absent
public record WebhookConfig(
        Optional<URI> url,
        Optional<Secret> token,
        Optional<Path> ca,
        @Default("2s") Duration timeout) {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int MAX_PORT = 65535;

    private static final String URL_REMEDY =
            "write the whole of it, such as https://users.example.org/turn";

    /// What a header field can carry of a token, spaces left out.
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]{1,4096}");

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    public WebhookConfig {
        Rules rules = new Rules();
        url.ifPresent(address -> rules.checkAll(violations(address)));
        rules.check(
                        url.isPresent() || token.isEmpty(),
                        List.of("token", "url"),
                        "",
                        "there is no service to show it to",
                        "set authentication.webhook.url, or remove it")
                .check(
                        token.isEmpty() || TOKEN.matcher(token.get().reveal()).matches(),
                        "token",
                        "",
                        "a token has 1 to 4096 ASCII characters without spaces",
                        "use one of letters and digits, such as openssl rand -hex 32 prints")
                .check(
                        ca.isEmpty() || url.filter(WebhookConfig::isSecure).isPresent(),
                        List.of("ca", "url"),
                        ca.map(Path::toString).orElse(""),
                        "there is no certificate to check by it",
                        "set authentication.webhook.url to one that begins with https://, or"
                                + " remove it")
                .check(
                        url.isPresent() || timeout.equals(USUAL_TIMEOUT),
                        List.of("timeout", "url"),
                        DurationText.format(timeout),
                        "there is no service to wait for",
                        "set authentication.webhook.url, or remove it")
                .range("timeout", timeout, SHORTEST, LONGEST)
                .enforce();
    }

    private static List<Violation> violations(URI url) {
        boolean plain = "http".equals(scheme(url));
        String shown = shown(url);
        return new Rules()
                .check(
                        plain || isSecure(url),
                        "url",
                        shown,
                        "it begins with neither https:// nor http://",
                        URL_REMEDY)
                .check(
                        url.getHost() != null && !url.getHost().isEmpty(),
                        "url",
                        shown,
                        "it names no host",
                        URL_REMEDY)
                .check(
                        url.getPort() == -1 || (url.getPort() > 0 && url.getPort() <= MAX_PORT),
                        "url",
                        shown,
                        "ports are 1 to 65535",
                        URL_REMEDY)
                .check(
                        url.getRawUserInfo() == null,
                        "url",
                        shown,
                        "it holds credentials of its own, which would be shown with it",
                        "give the service a token by authentication.webhook.token")
                .check(
                        url.getRawFragment() == null,
                        "url",
                        shown,
                        "what is behind # is never sent",
                        "leave that out")
                .check(
                        !plain
                                || url.getHost() == null
                                || LOOPBACK.matcher(url.getHost().toLowerCase(Locale.ROOT))
                                        .matches(),
                        "url",
                        shown,
                        "passwords would cross the network in the clear",
                        "use https://, or a service on this machine's loopback address")
                .violations();
    }

    private static String scheme(URI url) {
        return url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    }

    private static boolean isSecure(URI url) {
        return "https".equals(scheme(url));
    }

    /// What may be shown of a URL: neither user-info nor query, where operators might put secrets.
    private static String shown(URI url) {
        String host = url.getHost() == null ? "" : url.getHost();
        String port = url.getPort() == -1 ? "" : ":" + url.getPort();
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return scheme(url) + "://" + host + port + path;
    }

    /// Whether users are looked up.
    public boolean isOn() {
        return url.isPresent();
    }

    /// Where they are, for people to read, without what might be secret of the URL.
    public String place() {
        return url.map(WebhookConfig::shown).orElse("");
    }

    /// What holds where nothing is set: nobody is looked up.
    public static WebhookConfig defaults() {
        return Binder.defaults(WebhookConfig.class);
    }
}
