package io.hairpin.server.config;

import io.hairpin.server.core.Cidr;
import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How the values of one type are written, and what to say of text that is none.
record TextType<T>(
        Class<T> type,
        Function<String, Optional<T>> parser,
        Function<T, String> formatter,
        String complaint,
        Function<String, String> remedy) {

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private static final Map<Class<?>, TextType<?>> ALL =
            Stream.of(
                            text(String.class, Optional::of, s -> s, "", ""),
                            text(
                                    Secret.class,
                                    s -> Optional.of(new Secret(s)),
                                    Secret::toString,
                                    "",
                                    "give the secret, or { file: … } to read it from a file"),
                            text(
                                    int.class,
                                    TextType::integer,
                                    String::valueOf,
                                    "it is not a whole number",
                                    "write digits only"),
                            text(
                                    boolean.class,
                                    TextType::bool,
                                    String::valueOf,
                                    "it is neither true nor false",
                                    "write true or false"),
                            new TextType<>(
                                    Duration.class,
                                    DurationText::parse,
                                    DurationText::format,
                                    "it is not a length of time",
                                    TextType::durationRemedy),
                            text(
                                    ByteSize.class,
                                    ByteSize::parse,
                                    ByteSize::toString,
                                    "it is not an amount of memory",
                                    "write a number with its unit, such as 256KiB or 1MiB"),
                            text(
                                    DataRate.class,
                                    DataRate::parse,
                                    DataRate::toString,
                                    "it is not a rate",
                                    "write a whole number with its unit, kbit/s, Mbit/s or Gbit/s,"
                                            + " such as 10Mbit/s, which is 1.25 MB a second; or"
                                            + " unlimited"),
                            text(
                                    PortRange.class,
                                    PortRange::parse,
                                    PortRange::toString,
                                    "it is not a range of ports",
                                    "write the lower port first, such as 49152-65535"),
                            text(
                                    InetAddress.class,
                                    TextType::address,
                                    NetUtil::toAddressString,
                                    "it is not an IP address",
                                    "write one such as 203.0.113.7 or 2001:db8::1; names are not"
                                            + " looked up"),
                            text(
                                    Cidr.class,
                                    Cidr::parse,
                                    TextType::format,
                                    "it is not a range of addresses",
                                    "write network/length with no bits set beyond the length, such"
                                            + " as 10.0.0.0/8"),
                            text(
                                    Path.class,
                                    TextType::path,
                                    Path::toString,
                                    "it is not a path",
                                    "name a file"),
                            text(
                                    HostPort.class,
                                    HostPort::parse,
                                    HostPort::toString,
                                    "it is not a host and its port",
                                    "write them with a colon between, such as 127.0.0.1:8080 or"
                                            + " [::1]:8080"),
                            text(
                                    URI.class,
                                    TextType::url,
                                    URI::toString,
                                    "it is not a URL",
                                    "write the whole of it, such as https://example.org/path"),
                            text(
                                    TlsVersion.class,
                                    TlsVersion::parse,
                                    TlsVersion::protocol,
                                    "it is no version that can be offered",
                                    "choose of TLSv1.3 and TLSv1.2; older ones are not safe"),
                            text(
                                    TokenAlgorithm.class,
                                    TokenAlgorithm::parse,
                                    TokenAlgorithm::name,
                                    "it is none of the choices",
                                    "choose A256GCM or A128GCM"),
                            choice(TlsProvider.class),
                            choice(ClientCertificates.class),
                            choice(ListenerTransport.class),
                            choice(Expiry.class),
                            choice(RedirectWhen.class),
                            choice(LogFormat.class),
                            choice(LogLevel.class),
                            choice(SocketChoice.class),
                            choice(HopLimitChoice.class))
                    .collect(Collectors.toUnmodifiableMap(TextType::type, t -> t));

    static boolean exists(Class<?> type) {
        return ALL.containsKey(type);
    }

    static TextType<?> of(Class<?> type) {
        return Objects.requireNonNull(ALL.get(type), () -> "no text form of " + type);
    }

    /// The value as it is written, of a type that has a text form.
    static String format(Class<?> type, Object value) {
        return of(type).formatted(value);
    }

    /// @throws IllegalArgumentException if the text is of this type but its value breaks a rule
    Optional<T> parse(String text) {
        return parser.apply(text);
    }

    private String formatted(Object value) {
        @SuppressWarnings("unchecked") // primitive classes cannot cast their boxes
        T typed = (T) value;
        return formatter.apply(typed);
    }

    private static <T> TextType<T> text(
            Class<T> type,
            Function<String, Optional<T>> parser,
            Function<T, String> formatter,
            String complaint,
            String remedy) {
        return new TextType<>(type, parser, formatter, complaint, _ -> remedy);
    }

    private static <E extends Enum<E>> TextType<E> choice(Class<E> type) {
        String choices =
                Arrays.stream(type.getEnumConstants())
                        .map(TextType::lowerCase)
                        .collect(Collectors.joining(", "));
        return text(
                type,
                text ->
                        Arrays.stream(type.getEnumConstants())
                                .filter(constant -> lowerCase(constant).equals(text))
                                .findFirst(),
                TextType::lowerCase,
                "it is none of the choices",
                "choose one of " + choices);
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<Integer> integer(String text) {
        try {
            return Optional.of(Integer.valueOf(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<Path> path(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
    }

    private static Optional<URI> url(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(new URI(text));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static Optional<Boolean> bool(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static String durationRemedy(String text) {
        return NUMBER.matcher(text).matches()
                ? "add the unit: " + text + "s, " + text + "m or " + text + "h"
                : "write numbers with their units, such as 30s, 10m or 1h30m";
    }

    private static Optional<InetAddress> address(String text) {
        return NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text)
                ? Optional.of(InetAddress.ofLiteral(text))
                : Optional.empty();
    }

    private static String format(Cidr range) {
        return NetUtil.toAddressString(range.network()) + "/" + range.prefixLength();
    }
}
