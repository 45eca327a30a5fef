package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Asks the C compilers that are here what the headers say.
class LinuxAbiTest {

    /// What the constants that have no name of their own in C stand for.
    private static final Map<String, String> MEANINGS = new HashMap<>();

    static {
        offsets(
                "struct msghdr",
                "MSG_",
                "msg_",
                "NAME",
                "NAMELEN",
                "IOV",
                "IOVLEN",
                "CONTROL",
                "CONTROLLEN",
                "FLAGS");
        offsets("struct mmsghdr", "MSG_", "msg_", "LEN");
        offsets("struct iovec", "IOV_", "iov_", "BASE", "LEN");
        offsets("struct cmsghdr", "CMSG_", "cmsg_", "LEN", "LEVEL", "TYPE");
        offsets("struct sockaddr_in", "SIN_", "sin_", "FAMILY", "PORT", "ADDR");
        offsets("struct sockaddr_in6", "SIN6_", "sin6_", "FLOWINFO", "ADDR", "SCOPE_ID");
        offsets(
                "struct sock_extended_err",
                "EE_",
                "ee_",
                "ERRNO",
                "ORIGIN",
                "TYPE",
                "CODE",
                "INFO");
        offsets("struct in_pktinfo", "IPI_", "ipi_", "IFINDEX", "SPEC_DST", "ADDR");
        offsets("struct in6_pktinfo", "IPI6_", "ipi6_", "ADDR", "IFINDEX");
        MEANINGS.put("MMSGHDR_BYTES", "sizeof(struct mmsghdr)");
        MEANINGS.put("IOVEC_BYTES", "sizeof(struct iovec)");
        MEANINGS.put("SOCKADDR_IN_BYTES", "sizeof(struct sockaddr_in)");
        MEANINGS.put("SOCKADDR_IN6_BYTES", "sizeof(struct sockaddr_in6)");
        MEANINGS.put("IN_PKTINFO_BYTES", "sizeof(struct in_pktinfo)");
        MEANINGS.put("IN6_PKTINFO_BYTES", "sizeof(struct in6_pktinfo)");
        MEANINGS.put("CMSG_DATA", "CMSG_LEN(0)");
        MEANINGS.put("CMSG_ALIGN", "CMSG_ALIGN(1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc", "aarch64-linux-gnu-gcc", "x86_64-linux-gnu-gcc"})
    void theHeadersAgree(String compiler, @TempDir Path directory) throws Exception {
        assumeTrue(isInstalled(compiler), compiler + " is not installed");
        Path source = Files.writeString(directory.resolve("abi.c"), assertions());
        Path log = directory.resolve("log");

        int status =
                new ProcessBuilder(compiler, "-fsyntax-only", source.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor();

        assertThat(status).as(Files.readString(log)).isZero();
    }

    private static String assertions() throws IllegalAccessException {
        StringBuilder c =
                new StringBuilder(
                        """
                        #define _GNU_SOURCE
                        #include <errno.h>
                        #include <stddef.h>
                        #include <sys/types.h>
                        #include <sys/mman.h>
                        #include <sys/socket.h>
                        #include <asm/socket.h>
                        #include <netinet/in.h>
                        #include <time.h>
                        #include <linux/errqueue.h>
                        #include <netinet/udp.h>
                        _Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8, "pointers");
                        _Static_assert(sizeof(ssize_t) == 8 && sizeof(off_t) == 8, "results");
                        _Static_assert(sizeof(int) == 4, "int");
                        _Static_assert(offsetof(struct mmsghdr, msg_hdr) == 0, "msg_hdr");
                        _Static_assert(offsetof(struct sockaddr_in6, sin6_port)
                                == offsetof(struct sockaddr_in, sin_port), "port");
                        """);
        for (int bytes : new int[] {2, 4, 12, 20}) {
            c.append(
                    "_Static_assert(CMSG_SPACE(%d) == %d, \"CMSG_SPACE\");\n"
                            .formatted(bytes, LinuxAbi.controlSpace(bytes)));
        }
        for (Field field : LinuxAbi.class.getDeclaredFields()) {
            String name = field.getName();
            String meaning = MEANINGS.getOrDefault(name, name);
            c.append(
                    "_Static_assert(%s == %d, \"%s\");\n"
                            .formatted(meaning, field.getInt(null), name));
        }
        return c.toString();
    }

    private static void offsets(String struct, String javaPrefix, String prefix, String... names) {
        for (String name : names) {
            MEANINGS.put(
                    javaPrefix + name,
                    "offsetof(%s, %s%s)".formatted(struct, prefix, name.toLowerCase(Locale.ROOT)));
        }
    }

    private static boolean isInstalled(String program) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getenv("PATH"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
