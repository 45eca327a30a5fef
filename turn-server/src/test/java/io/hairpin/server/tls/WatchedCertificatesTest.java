package io.hairpin.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

class WatchedCertificatesTest {

    private static final Duration TWO_WEEKS = Duration.ofDays(14);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Instant now = Instant.now();

    @TempDir Path folder;

    private OpenSsl openssl;

    @BeforeEach
    void listen() {
        openssl = new OpenSsl(folder);
        log.start();
        logger().setLevel(Level.INFO);
        logger().addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger().detachAppender(log);
        logger().setLevel(null);
    }

    @Test
    void aNewPairIsUsedOnceBothHalvesAreThere() throws IOException {
        WatchedCertificates watched =
                WatchedCertificates.read(List.of(openssl.certificate("turn", "old.example.org")));
        Identity old = watched.identities().identity(null);
        openssl.certificate("new", "new.example.org");

        copy("new.pem", "turn.pem");
        watched.look(now);
        watched.look(now);

        assertThat(watched.identities().identity(null)).isSameAs(old);
        assertThat(messages())
                .singleElement()
                .asString()
                .startsWith("certificate not replaced, the one in use stays (it expires ")
                .contains("turn.pem: the key in ", "belongs to another certificate");

        copy("new.key", "turn.key");
        watched.look(now);

        assertThat(watched.identities().identity(null).names()).containsExactly("new.example.org");
        assertThat(messages()).last().asString().startsWith("certificate replaced: ");
    }

    @Test
    void aHalfWrittenOrMissingFileChangesNothing() throws IOException {
        WatchedCertificates watched =
                WatchedCertificates.read(List.of(openssl.certificate("turn", "example.org")));
        Identity old = watched.identities().identity(null);
        Path file = folder.resolve("turn.pem");
        String whole = openssl.text("turn.pem");

        Files.writeString(file, whole.substring(0, whole.length() / 2));
        watched.look(now);
        Files.writeString(file, "");
        watched.look(now);
        Files.delete(file);
        watched.look(now);
        Files.writeString(file, whole);
        watched.look(now);

        assertThat(watched.identities().identity(null)).isSameAs(old);
        assertThat(messages()).hasSize(3);
    }

    @Test
    void aLinkThatIsChangedIsSeen() throws IOException {
        CertificateFiles first = openssl.certificate("first", "first.example.org");
        openssl.certificate("second", "second.example.org");
        Path folders = Files.createDirectory(folder.resolve("data"));
        for (String name : List.of("first", "second")) {
            Path data = Files.createDirectory(folders.resolve(name));
            Files.copy(folder.resolve(name + ".pem"), data.resolve("tls.crt"));
            Files.copy(folder.resolve(name + ".key"), data.resolve("tls.key"));
        }
        // As Kubernetes mounts a secret: ..data is a link that is swapped by renaming another.
        Path link = folder.resolve("..data");
        Files.createSymbolicLink(link, folders.resolve("first"));
        WatchedCertificates watched =
                WatchedCertificates.read(
                        List.of(
                                new CertificateFiles(
                                        link.resolve("tls.crt"),
                                        link.resolve("tls.key"),
                                        first.passphrase())));

        Path next = folder.resolve("..data_tmp");
        Files.createSymbolicLink(next, folders.resolve("second"));
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
        watched.look(now);

        assertThat(watched.identities().identity(null).names())
                .containsExactly("second.example.org");
    }

    @Test
    void oneOfSeveralIsReplacedByItself() throws IOException {
        WatchedCertificates watched =
                WatchedCertificates.read(
                        List.of(
                                openssl.certificate("one", "one.example.org"),
                                openssl.certificate("two", "two.example.org")));
        openssl.certificate("new", "two.example.org", "three.example.org");

        Files.writeString(folder.resolve("one.pem"), "broken");
        copy("new.pem", "two.pem");
        copy("new.key", "two.key");
        watched.look(now);

        assertThat(watched.identities().identity("one.example.org").names())
                .containsExactly("one.example.org");
        assertThat(watched.identities().identity("three.example.org").names())
                .containsExactly("two.example.org", "three.example.org");
    }

    @Test
    void aCertificateThatHasExpiredDoesNotReplaceAGoodOne() throws IOException {
        CertificateFiles files = openssl.certificate("turn", "old.example.org");
        openssl.run(
                "req",
                "-x509",
                "-new",
                "-key",
                "turn.key",
                "-out",
                "longer.pem",
                "-days",
                "60",
                "-subj",
                "/CN=longer");
        copy("longer.pem", "turn.pem");
        WatchedCertificates watched = WatchedCertificates.read(List.of(files));

        openssl.certificateFor("turn", "turn.key", "new.example.org");
        watched.look(now.plus(Duration.ofDays(40)));

        assertThat(watched.identities().identity(null).names()).containsExactly("longer");
        assertThat(messages()).singleElement().asString().contains("has expired already");
    }

    @Test
    void whoeverNeedsRenewalIsWarnedOf() {
        WatchedCertificates watched =
                WatchedCertificates.read(List.of(openssl.certificate("turn", "example.org")));
        Instant expires = watched.identities().identity(null).expires();

        assertThat(watched.warnings(expires.minus(Duration.ofDays(15)), TWO_WEEKS)).isEmpty();
        assertThat(watched.daysLeft(0, expires.minus(Duration.ofHours(36)))).isEqualTo(1.5);
        assertThat(watched.warnings(expires.minus(Duration.ofHours(36)), TWO_WEEKS))
                .containsExactly(
                        "the certificate %s expires in 1.5 days, at %s; renew it"
                                .formatted(folder.resolve("turn.pem"), expires));
        assertThat(watched.warnings(expires.plusSeconds(1), TWO_WEEKS))
                .singleElement()
                .asString()
                .contains("has expired at " + expires + ": clients refuse it");
        assertThat(watched.warnings(now.minus(Duration.ofDays(2)), TWO_WEEKS))
                .singleElement()
                .asString()
                .contains("is not valid before");
    }

    private void copy(String from, String to) throws IOException {
        Files.copy(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> messages() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(WatchedCertificates.class);
    }
}
