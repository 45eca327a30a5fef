package io.hairpin.server.store;

import io.hairpin.server.auth.Credential;
import io.hairpin.server.auth.CredentialQuery;
import io.hairpin.server.auth.Term;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.OpaqueString;
import io.hairpin.stun.PasswordAlgorithm;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.time.Duration;
import java.util.HexFormat;

/// What is said to a web service and what it answers, as JSON.
final class WebhookMessages {

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final int MD5_KEY_BYTES = 16;
    private static final int SHA_256_KEY_BYTES = 32;

    private WebhookMessages() {}

    static String question(CredentialQuery query) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("realm", query.realm());
            json.writeStringProperty("username", query.username());
            json.writeStringProperty("algorithm", isSha256(query.algorithm()) ? "SHA-256" : "MD5");
            json.writeEndObject();
        }
        return text.toString();
    }

    private static boolean isSha256(PasswordAlgorithm algorithm) {
        return algorithm.equals(PasswordAlgorithm.SHA_256);
    }

    /// What an answer has that we know of.
    private record Fields(@Nullable String password, @Nullable String key, Duration left) {
        @Override
        public String toString() {
            return "Fields[redacted]";
        }
    }

    /// The credential that the answer to a question gives.
    ///
    /// @throws UnansweredLookUp if it is none; no reason quotes it
    static Credential answer(CredentialQuery query, byte[] body) {
        Fields fields;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            fields = fields(json);
        } catch (JacksonException _) { // whose message quotes it
            throw new UnansweredLookUp("its answer is not one JSON object");
        }
        String password = fields.password();
        String key = fields.key();
        if (password != null && key != null) {
            throw new UnansweredLookUp("its answer has both a password and a key");
        }
        if (password != null) {
            return new Credential(query.username(), derived(query, password), fields.left());
        }
        if (key != null) {
            return new Credential(query.username(), given(query, key), fields.left());
        }
        throw new UnansweredLookUp("its answer has neither a password nor a key");
    }

    private static Fields fields(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new UnansweredLookUp("its answer is not one JSON object");
        }
        String password = null;
        String key = null;
        Duration left = Term.ENDLESS;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_NULL) {
                continue; // as good as left out
            }
            switch (name) {
                case "password" -> password = text(json, value, name);
                case "key" -> key = text(json, value, name);
                case "expires-in" -> left = seconds(json, value, name);
                default -> json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            throw new UnansweredLookUp("its answer goes on after the JSON object");
        }
        return new Fields(password, key, left);
    }

    private static String text(JsonParser json, JsonToken value, String name) {
        if (value != JsonToken.VALUE_STRING) {
            throw new UnansweredLookUp("in its answer " + name + " is not a string");
        }
        return json.getString();
    }

    private static Duration seconds(JsonParser json, JsonToken value, String name) {
        if (value != JsonToken.VALUE_NUMBER_INT || json.getNumberType() != NumberType.INT) {
            throw new UnansweredLookUp(
                    "in its answer " + name + " is not a whole number of seconds below 2^31");
        }
        return Duration.ofSeconds(json.getIntValue());
    }

    private static IntegrityKey derived(CredentialQuery query, String password) {
        if (OpaqueString.prepare(password).isEmpty()) {
            throw new UnansweredLookUp(
                    "in its answer the password is empty or has characters no password may have");
        }
        return IntegrityKey.longTerm(query.algorithm(), query.username(), query.realm(), password);
    }

    private static IntegrityKey given(CredentialQuery query, String hex) {
        int bytes = isSha256(query.algorithm()) ? SHA_256_KEY_BYTES : MD5_KEY_BYTES;
        if (hex.length() != 2 * bytes) {
            throw badKey(bytes);
        }
        try {
            return IntegrityKey.ofBytes(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException _) { // its message quotes the key
            throw badKey(bytes);
        }
    }

    private static UnansweredLookUp badKey(int bytes) {
        return new UnansweredLookUp(
                "in its answer the key is not of "
                        + 2 * bytes
                        + " hexadecimal digits, as for the algorithm asked");
    }
}
