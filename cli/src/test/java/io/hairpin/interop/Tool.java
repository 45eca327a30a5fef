package io.hairpin.interop;

import org.opentest4j.TestAbortedException;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/// A program that a test needs and that comes from elsewhere.
public enum Tool {
    STUNCLIENT("turnutils_stunclient", "coturn"),
    NATDISCOVERY("turnutils_natdiscovery", "coturn"),
    UCLIENT("turnutils_uclient", "coturn"),
    PEER("turnutils_peer", "coturn"),
    OAUTH("turnutils_oauth", "coturn"),
    CHROMIUM("chromium", "chromium"),
    DUMPCAP("dumpcap", "tshark"),
    TSHARK("tshark", "tshark"),
    OPENSSL("openssl", "openssl"),
    GNUTLS("gnutls-cli", "gnutls-bin"),
    CURL("curl", "curl"),
    HAPROXY("haproxy", "haproxy"),
    PYTHON("python3", "python3"),
    IP("ip", "iproute2"),
    NFT("nft", "nftables"),
    TAYGA("tayga", "tayga");

    /// Where servers are installed, which is not in everybody's path.
    private static final String SERVERS = "/usr/sbin";

    private final String program;
    private final String debianPackage;

    Tool(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    /// The program's path. Where it is not installed the test is left out, unless the environment
    /// has `REQUIRE_INTEROP`.
    public String path() {
        Optional<String> found =
                Stream.concat(
                                Arrays.stream(System.getenv("PATH").split(File.pathSeparator)),
                                Stream.of(SERVERS))
                        .map(folder -> Path.of(folder, program))
                        .filter(Files::isExecutable)
                        .map(Path::toString)
                        .findFirst();
        return found.orElseThrow(
                () -> leaveOut(program + " is not installed; Debian package " + debianPackage));
    }

    /// Leaves the test out, or fails it where none may be left out. It never returns; what it is
    /// said to return lets callers throw it.
    public static RuntimeException leaveOut(String reason) {
        if (System.getenv().getOrDefault("REQUIRE_INTEROP", "").isEmpty()) {
            throw new TestAbortedException(reason);
        }
        throw new AssertionError(reason + "; REQUIRE_INTEROP lets no test be left out");
    }
}
