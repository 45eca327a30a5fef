package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors.NativeIoException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.BindException;

class BindFailureTest {

    @ParameterizedTest
    @CsvSource({
        "Address already in use, IN_USE",
        "Cannot assign requested address, NOT_LOCAL",
        "Can't assign requested address, NOT_LOCAL",
        "Permission denied, NOT_PERMITTED",
        "Too many open files, OTHER"
    })
    void theWordsOfTheSystemAreUnderstood(String words, BindFailure.Kind kind) {
        assertThat(BindFailure.of(new BindException(words)))
                .isEqualTo(new BindFailure(kind, words));
    }

    @ParameterizedTest
    @CsvSource({
        "98, IN_USE",
        "99, NOT_LOCAL",
        "13, NOT_PERMITTED",
        "1, NOT_PERMITTED",
        "24, OTHER"
    })
    void theNumbersOfLinuxAreUnderstood(int errno, BindFailure.Kind kind) {
        assumeTrue(Epoll.isAvailable(), "Netty numbers errors where its library is");

        assertThat(BindFailure.of(new NativeIoException("bind", -errno, false)).kind())
                .isEqualTo(kind);
    }
}
