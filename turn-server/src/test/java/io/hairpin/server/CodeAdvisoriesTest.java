package io.hairpin.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/// What no input shows, and the code does: what it draws from, how it compares, and what it has not
/// got.
class CodeAdvisoriesTest {

    private static final JavaClasses SERVER =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(
                            "io.hairpin.server",
                            "io.hairpin.stun",
                            "io.hairpin.net",
                            "io.hairpin.dtls");

    /// Nonces, ports, tokens and tickets are drawn from what is handed in, which is `SecureRandom`.
    /// The server makes two other generators: for the transaction ids of Data indications, which
    /// mean nothing to anybody, and one that TCP relays draw nothing from.
    @Test
    @Advisory("CVE-2025-69217")
    void cve202569217NothingIsDrawnFromAGeneratorThatCanBePredicted() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Random.class, ThreadLocalRandom.class)
                .check(SERVER);
        noClasses().should().callMethod(Math.class, "random").check(SERVER);
        noClasses()
                .that()
                .doNotBelongToAnyOf(TurnServer.class, TcpPlan.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(SplittableRandom.class)
                .check(SERVER);
    }

    @Test
    @Advisory("coturn#1869")
    void coturn1869WhatIsSecretIsComparedInConstantTime() {
        for (String name :
                new String[] {
                    "io.hairpin.stun.StunMessage",
                    "io.hairpin.stun.IntegrityKey",
                    "io.hairpin.server.auth.Nonces",
                    "io.hairpin.dtls.Cookies"
                }) {
            classes()
                    .that()
                    .haveFullyQualifiedName(name)
                    .should()
                    .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
                    .check(SERVER);
        }
        noClasses()
                .that()
                .resideInAnyPackage("io.hairpin.server.auth..", "io.hairpin.dtls..")
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .check(SERVER);
    }

    @Test
    @Advisory({"CVE-2018-4056", "coturn bfacd816"})
    void cve20184056ThereIsNoSqlToInjectAnythingInto() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .check(SERVER);
    }
}
