package io.hairpin.server.store;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

/// Says in an operator's words why a web service could not be asked. What libraries say of its
/// answer is left out, since they may quote it.
final class Explanation {

    private Explanation() {}

    /// What is a mistake of this program stays as it is.
    static Throwable of(Throwable failure, Duration timeout) {
        Throwable cause = cause(failure);
        return switch (cause) {
            case TimeoutException _ -> timedOut(timeout);
            case HttpTimeoutException _ -> timedOut(timeout);
            case SSLException tls -> new UnansweredLookUp(tls(tls));
            case ConnectException connect -> new UnansweredLookUp(connect(connect));
            case ProtocolException _ -> new UnansweredLookUp("its answer is not HTTP");
            case IOException _ ->
                    new UnansweredLookUp("the connection was closed without an answer");
            default -> cause;
        };
    }

    /// What went wrong, without what it was wrapped in on its way.
    static Throwable cause(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        // A handshake that failed comes as itself or as a connection that broke off because of it,
        // whichever of the client's threads sees it first.
        return cause instanceof IOException && cause.getCause() instanceof SSLException handshake
                ? handshake
                : cause;
    }

    private static UnansweredLookUp timedOut(Duration timeout) {
        long millis = timeout.toMillis();
        String length = millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
        return new UnansweredLookUp("timed out after " + length);
    }

    private static String tls(SSLException failure) {
        Throwable last = failure;
        boolean untrusted = false;
        while (last.getCause() != null) {
            last = last.getCause();
            untrusted |= last instanceof CertificateException;
        }
        return (untrusted ? "certificate not trusted: " : "TLS failed: ") + last.getMessage();
    }

    private static String connect(ConnectException failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        if (last instanceof UnresolvedAddressException) {
            return "no such host";
        }
        if (last instanceof ClosedChannelException) { // all that the JDK tells of it
            return "connection refused, or no way to its host";
        }
        String message = last.getMessage();
        return message == null || message.isEmpty()
                ? "cannot connect"
                : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
