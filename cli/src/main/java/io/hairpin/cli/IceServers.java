package io.hairpin.cli;

import io.hairpin.server.auth.TurnRestCredential;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.ListenerConfig;
import io.hairpin.server.config.ListenerTransport;
import io.netty.util.NetUtil;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

import java.io.StringWriter;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What a browser's `RTCPeerConnection` is given to use a server.
record IceServers(List<String> stunUrls, List<String> turnUrls, String username, String password) {

    /// The servers that listeners make under the name clients know the host by.
    static IceServers of(
            String host, List<ListenerConfig> listeners, TurnRestCredential credential) {
        return of(host, listeners, credential.username(), credential.password());
    }

    /// The listeners, and where TLS is served by those for TCP alone. There clients are only sent
    /// if no listener is for TLS: it serves nothing that these do not.
    static List<ListenerConfig> offered(Configuration configuration) {
        List<ListenerConfig> listeners = configuration.listeners();
        boolean declared =
                listeners.stream().anyMatch(each -> each.transport() == ListenerTransport.TLS);
        if (declared || !configuration.tls().hasCertificate()) {
            return listeners;
        }
        Stream<ListenerConfig> further =
                listeners.stream()
                        .filter(each -> each.transport() == ListenerTransport.TCP)
                        .map(
                                each ->
                                        new ListenerConfig(
                                                ListenerTransport.TLS,
                                                each.address(),
                                                each.port()));
        return Stream.concat(listeners.stream(), further).toList();
    }

    static IceServers of(
            String host, List<ListenerConfig> listeners, String username, String password) {
        String authority = NetUtil.isValidIpV6Address(host) ? "[" + host + "]" : host;
        return new IceServers(
                listeners.stream()
                        .filter(listener -> listener.transport() == ListenerTransport.UDP)
                        .map(listener -> "stun:" + authority + ":" + listener.port())
                        .distinct()
                        .toList(),
                listeners.stream()
                        .map(listener -> turnUrl(authority, listener))
                        .distinct()
                        .toList(),
                username,
                password);
    }

    /// The value of `iceServers`, ready to be pasted into JavaScript.
    String toSnippet() {
        return json(this::writeServers);
    }

    /// The answer a TURN REST service gives, and the value of `iceServers` beside it.
    String toJson(long ttlSeconds) {
        return json(
                json -> {
                    json.writeStartObject();
                    json.writeStringProperty("username", username);
                    json.writeStringProperty("password", password);
                    json.writeNumberProperty("ttl", ttlSeconds);
                    writeStrings(json, "uris", turnUrls);
                    json.writeName("iceServers");
                    writeServers(json);
                    json.writeEndObject();
                });
    }

    private void writeServers(JsonGenerator json) {
        json.writeStartArray();
        if (!stunUrls.isEmpty()) {
            json.writeStartObject();
            writeStrings(json, "urls", stunUrls);
            json.writeEndObject();
        }
        json.writeStartObject();
        writeStrings(json, "urls", turnUrls);
        json.writeStringProperty("username", username);
        json.writeStringProperty("credential", password);
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void writeStrings(JsonGenerator json, String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private static String turnUrl(String authority, ListenerConfig listener) {
        String where = authority + ":" + listener.port() + "?transport=";
        return switch (listener.transport()) {
            case UDP -> "turn:" + where + "udp";
            case TCP -> "turn:" + where + "tcp";
            case TLS -> "turns:" + where + "tcp";
            case DTLS -> "turns:" + where + "udp"; // RFC 7350 §4.6; browsers have no use for it
        };
    }

    private static String json(Consumer<JsonGenerator> content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(INDENTED, text)) {
            content.accept(json);
        }
        return text.toString();
    }

    private static final ObjectWriteContext INDENTED =
            new ObjectWriteContext.Base() {
                @Override
                public PrettyPrinter getPrettyPrinter() {
                    return new DefaultPrettyPrinter();
                }
            };

    @Override
    public String toString() {
        return "IceServers[turnUrls=" + turnUrls + ", username=" + username + "]";
    }
}
