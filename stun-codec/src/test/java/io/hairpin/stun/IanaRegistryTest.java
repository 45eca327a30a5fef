package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.toMap;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// The constants are what the IANA STUN registry lists, nothing less and nothing else.
class IanaRegistryTest {
    /// From here on the registry lists what vendors use among themselves.
    private static final int FIRST_VENDOR_ATTRIBUTE = 0xC000;

    private static final int FIRST_VENDOR_METHOD = 0x080;

    @Test
    void methods() throws IOException {
        Map<Integer, String> registered = registry("methods");
        registered.keySet().removeIf(code -> code >= FIRST_VENDOR_METHOD);

        Map<Integer, String> ours =
                Arrays.stream(Method.values())
                        .collect(toMap(Method::code, method -> method.name().replace("_", "")));

        assertThat(ours).isEqualTo(mapped(registered, name -> name.toUpperCase(Locale.ROOT)));
        registered.forEach(
                (code, name) -> assertThat(Method.of(code).map(Method::code)).contains(code));
    }

    @Test
    void attributes() throws IOException {
        Map<Integer, String> registered = registry("attributes");
        registered.keySet().removeIf(code -> code >= FIRST_VENDOR_ATTRIBUTE);

        Map<Integer, String> ours =
                Attributes.all().stream().collect(toMap(AttributeType::code, AttributeType::name));

        assertThat(ours).isEqualTo(registered);
        assertThat(Attributes.all().stream().map(AttributeType::code)).isSorted();
    }

    @Test
    void everyAttributeConstantIsNamedAsItsAttribute() throws IllegalAccessException {
        for (var field : Attributes.class.getFields()) {
            AttributeType<?> type = (AttributeType<?>) Objects.requireNonNull(field.get(null));
            String name = type.name().replace(" STUN", "").replace('-', '_');

            assertThat(field.getName()).isEqualTo(name);
            assertThat(type.comprehensionRequired()).isEqualTo(type.code() < 0x8000);
        }
    }

    @Test
    void errorCodes() throws IOException {
        Map<Integer, String> ours =
                Arrays.stream(ErrorCode.values())
                        .collect(toMap(ErrorCode::code, ErrorCode::reason));

        assertThat(ours).isEqualTo(registry("error-codes"));
        for (ErrorCode code : ErrorCode.values()) {
            String name = code.reason().toUpperCase(Locale.ROOT).replace(' ', '_');

            assertThat(code.name()).isEqualTo(name);
            assertThat(ErrorCode.of(code.code())).contains(code);
        }
    }

    @Test
    void securityFeatures() throws IOException {
        Map<Integer, String> ours =
                Arrays.stream(SecurityFeature.values())
                        .collect(
                                toMap(
                                        SecurityFeature::bit,
                                        feature -> feature.name().replace('_', ' ')));

        assertThat(ours)
                .isEqualTo(
                        mapped(
                                registry("security-features"),
                                name -> name.toUpperCase(Locale.ROOT)));
    }

    @Test
    void passwordAlgorithms() throws IOException {
        assertThat(registry("password-algorithms"))
                .isEqualTo(
                        Map.of(
                                PasswordAlgorithm.MD5.number(), "MD5",
                                PasswordAlgorithm.SHA_256.number(), "SHA-256"));
    }

    private static Map<Integer, String> mapped(
            Map<Integer, String> registry, Function<String, String> names) {
        return registry.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, entry -> names.apply(entry.getValue())));
    }

    /// The rows that name one value; no name in this registry has a comma.
    private static Map<Integer, String> registry(String name) throws IOException {
        String path = "/iana/stun-parameters-" + name + ".csv";
        String csv;
        try (InputStream stream = IanaRegistryTest.class.getResourceAsStream(path)) {
            csv = new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
        Stream<String[]> rows = csv.lines().skip(1).map(line -> line.split(",", 3));
        return new TreeMap<>(
                rows.filter(row -> !row[1].startsWith("Reserved") && !row[1].equals("Unassigned"))
                        .collect(toMap(row -> Integer.decode(row[0]), row -> row[1])));
    }
}
