package io.hairpin.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The arrows between the packages: who may know of whom. What is not allowed here is a mistake.
@AnalyzeClasses(packages = "io.hairpin", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String CODEC = "io.hairpin.stun..";
    private static final String CORE = "io.hairpin.server.core..";
    private static final String AUTH = "io.hairpin.server.auth..";
    private static final String STORE = "io.hairpin.server.store..";
    private static final String CONFIG = "io.hairpin.server.config..";
    private static final String NET = "io.hairpin.net..";
    private static final String DTLS = "io.hairpin.dtls..";
    private static final String RELAY = "io.hairpin.server.relay..";
    private static final String TRANSPORT = "io.hairpin.server.transport..";
    private static final String CERTIFICATES = "io.hairpin.server.tls..";
    private static final String ADMIN = "io.hairpin.server.admin..";

    private static final String JDK = "java..";
    private static final String CRYPTO = "javax.crypto..";
    private static final String TLS = "javax.net.ssl..";
    private static final String NETTY = "io.netty..";
    private static final String NULLNESS = "org.jspecify..";
    private static final String LOGGING = "org.slf4j..";

    @ArchTest
    static final ArchRule theCodecKnowsNothingButTheJdkAndPrecis =
            only(CODEC, JDK, CRYPTO, NULLNESS, "rocks.xmpp..");

    @ArchTest
    static final ArchRule theClientKnowsTheCodecAndDtls =
            only(
                    "io.hairpin.client",
                    CODEC,
                    JDK,
                    "javax.net.ssl..",
                    "org.bouncycastle.tls..",
                    NULLNESS);

    @ArchTest
    static final ArchRule discoveryKnowsTheClientAndTheCodec =
            only("io.hairpin.client.nat..", "io.hairpin.client", CODEC, JDK, NULLNESS);

    @ArchTest
    static final ArchRule theLoadGeneratorIsAClientOnTheNetwork =
            only(
                    "io.hairpin.client.load..",
                    "io.hairpin.client",
                    NET,
                    CODEC,
                    JDK,
                    NETTY,
                    "io.hairpin.dtls",
                    "javax.net.ssl..",
                    "org.HdrHistogram..",
                    NULLNESS);

    @ArchTest
    static final ArchRule authenticationKnowsTheCodec = only(AUTH, CODEC, JDK, CRYPTO, NULLNESS);

    @ArchTest
    static final ArchRule storesKnowAuthenticationAndNothingOfTurn =
            only(STORE, AUTH, CODEC, JDK, TLS, "tools.jackson.core..", NULLNESS);

    @ArchTest
    static final ArchRule theCoreKnowsTheCodecAndAuthentication =
            only(CORE, CODEC, AUTH, JDK, NULLNESS);

    @ArchTest
    static final ArchRule theCoreDoesNoInputOrOutputAndReadsNoClock =
            noClasses()
                    .that()
                    .resideInAPackage(CORE)
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("java.nio.channels..", "java.io..")
                                    .or(named("java.lang.Thread"))
                                    .or(named("java.net.DatagramSocket"))
                                    .or(named("java.net.Socket"))
                                    .or(named("java.net.NetworkInterface"))
                                    .or(named("java.security.SecureRandom"))
                                    .or(named("java.time.Clock"))
                                    .or(named("java.util.Timer"))
                                    .or(named("java.util.concurrent.Executor")))
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule configurationKnowsNamesOfTheCodecAndTheCore =
            only(CONFIG, CORE, CODEC, JDK, "io.netty.util..", "org.snakeyaml..", NULLNESS);

    @ArchTest
    static final ArchRule theNetworkKnowsAddressesAndNothingOfTurn =
            only(NET, "io.hairpin.stun", JDK, "jdk.net..", NETTY, LOGGING, NULLNESS);

    @ArchTest
    static final ArchRule dtlsKnowsTheNetworkAndNothingOfTurn =
            only(
                    DTLS,
                    NET,
                    "io.hairpin.stun",
                    JDK,
                    CRYPTO,
                    "javax.security..",
                    NETTY,
                    "org.bouncycastle..",
                    LOGGING,
                    NULLNESS);

    @ArchTest
    static final ArchRule relaysKnowNoTransport =
            only(RELAY, NET, CORE, CODEC, JDK, NETTY, NULLNESS);

    @ArchTest
    static final ArchRule transportsHandDataToRelays =
            only(TRANSPORT, RELAY, DTLS, NET, CORE, CODEC, JDK, TLS, NETTY, LOGGING, NULLNESS);

    @ArchTest
    static final ArchRule certificatesKnowNothingOfTurn =
            only(
                    CERTIFICATES,
                    DTLS,
                    JDK,
                    "javax.net.ssl..",
                    "javax.naming..",
                    "javax.security.auth.x500..",
                    NETTY,
                    "org.bouncycastle..",
                    LOGGING,
                    NULLNESS);

    @ArchTest
    static final ArchRule theAdminEndpointKnowsTheNamesOfTheCore =
            only(ADMIN, CORE, NET, CODEC, JDK, NETTY, "io.micrometer..", LOGGING, NULLNESS);

    @ArchTest
    static final ArchRule onlyTheServerAndTheCommandsReadTheConfiguration =
            noClasses()
                    .that(
                            resideInAPackage("io.hairpin..")
                                    .and(
                                            not(
                                                    resideInAnyPackage(
                                                            CONFIG,
                                                            "io.hairpin.server",
                                                            "io.hairpin.cli.."))))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(CONFIG);

    @ArchTest
    static final ArchRule nothingButCommandsKnowsTheServer =
            noClasses()
                    .that(
                            resideInAPackage("io.hairpin..")
                                    .and(
                                            not(
                                                    resideInAnyPackage(
                                                            "io.hairpin.server",
                                                            "io.hairpin.cli..",
                                                            "io.hairpin.bench.."))))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.hairpin.server");

    private static ArchRule only(String from, String... to) {
        String[] allowed = new String[to.length + 1];
        System.arraycopy(to, 0, allowed, 0, to.length);
        allowed[to.length] = from;
        return classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }

    private static DescribedPredicate<JavaClass> named(String name) {
        return HasName.Predicates.name(name).forSubtype();
    }
}
