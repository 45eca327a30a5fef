package io.hairpin.server.tls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The certificates that are kept in files, and put to use when those change.
///
/// What is in use is replaced only by something that can be used: while one half of a pair is
/// written, or after a mistake, everything stays as it is. Contents are compared, not times, so it
/// does not matter whether a file was written, renamed or is reached by a link that was changed.
public final class WatchedCertificates {

    private static final Logger log = LoggerFactory.getLogger(WatchedCertificates.class);

    private static final double SECONDS_PER_DAY = Duration.ofDays(1).toSeconds();

    /// A certificate in use, and where it came from.
    private static final class Watched {
        private final String name;
        private final @Nullable CertificateFiles files;
        private @Nullable Fingerprint accepted;
        private Identity identity;

        /// What was last complained about, so that it is said once.
        private @Nullable String complaint;

        Watched(CertificateFiles files) {
            this.name = files.toString();
            this.files = files;
            CertificateFiles.Contents contents = files.contents();
            identity = contents.identity();
            accepted = contents.fingerprint();
        }

        Watched(String name, Identity identity) {
            this.name = name;
            this.files = null;
            this.identity = identity;
        }
    }

    private final List<Watched> all;
    private final Identities identities;

    private WatchedCertificates(List<Watched> all) {
        this.all = all;
        identities = new Identities(current());
    }

    /// Reads them all.
    ///
    /// @throws UnusableTls if one of them cannot be used
    public static WatchedCertificates read(List<CertificateFiles> files) {
        return new WatchedCertificates(files.stream().map(Watched::new).toList());
    }

    /// A single one that is in no file, so never replaced.
    public static WatchedCertificates of(String name, Identity identity) {
        return new WatchedCertificates(List.of(new Watched(name, identity)));
    }

    /// What is in use; it is replaced when the files change.
    public Identities identities() {
        return identities;
    }

    /// Looks at the files, and uses what is new and good in them.
    public synchronized void look(Instant now) {
        boolean changed = false;
        for (Watched watched : all) {
            changed |= watched.files != null && look(watched, watched.files, now);
        }
        if (changed) {
            identities.replace(current());
        }
    }

    private static boolean look(Watched watched, CertificateFiles files, Instant now) {
        try {
            CertificateFiles.Contents contents = files.contents();
            Fingerprint fingerprint = contents.fingerprint();
            if (fingerprint.equals(watched.accepted)) {
                watched.complaint = null;
                return false;
            }
            Identity identity = contents.identity();
            if (identity.expires().isBefore(now) && watched.identity.expires().isAfter(now)) {
                complain(watched, watched.name + ": the new certificate has expired already");
                return false;
            }
            String pin = identity.pin();
            String key = pin.equals(watched.identity.pin()) ? "the same" : "another, " + pin;
            watched.accepted = fingerprint;
            watched.identity = identity;
            watched.complaint = null;
            log.info("certificate replaced: {}, {}; its key is {}", watched.name, identity, key);
            return true;
        } catch (UnusableTls e) {
            complain(watched, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private static void complain(Watched watched, String complaint) {
        if (!complaint.equals(watched.complaint)) {
            watched.complaint = complaint;
            log.warn(
                    "certificate not replaced, the one in use stays (it expires {}): {}",
                    watched.identity.expires(),
                    complaint);
        }
    }

    private List<Identity> current() {
        return all.stream().map(watched -> watched.identity).toList();
    }

    /// What an operator should know of the certificates in use: those that have expired, or will
    /// within that time, or are not valid yet.
    public synchronized List<String> warnings(Instant now, Duration within) {
        return all.stream().flatMap(watched -> warning(watched, now, within).stream()).toList();
    }

    private static List<String> warning(Watched watched, Instant now, Duration within) {
        Instant expires = watched.identity.expires();
        Instant begins = watched.identity.certificate().getNotBefore().toInstant();
        String which = "the certificate " + watched.name;
        if (expires.isBefore(now)) {
            return List.of(which + " has expired at " + expires + ": clients refuse it; renew it");
        }
        if (begins.isAfter(now)) {
            return List.of(which + " is not valid before " + begins + ": clients refuse it");
        }
        if (expires.isBefore(now.plus(within))) {
            String days = String.format(Locale.ROOT, "%.1f", days(now, expires));
            return List.of(which + " expires in " + days + " days, at " + expires + "; renew it");
        }
        return List.of();
    }

    /// Where each certificate came from, the default first.
    public List<String> names() {
        return all.stream().map(watched -> watched.name).toList();
    }

    /// In how many days the certificate of that index expires; below zero once it has.
    public double daysLeft(int index, Instant now) {
        return days(now, identities.all().get(index).expires());
    }

    /// What is served by, for people: a line each.
    public List<String> describe() {
        List<Identity> inUse = identities.all();
        return IntStream.range(0, all.size())
                .mapToObj(i -> "certificate " + all.get(i).name + ": " + inUse.get(i))
                .toList();
    }

    /// What clients can know the same servers by without a certificate (RFC 7250): a line each.
    public List<String> describeKeys() {
        List<Identity> inUse = identities.all();
        return IntStream.range(0, all.size())
                .mapToObj(i -> "raw public key of " + all.get(i).name + ": " + inUse.get(i).pin())
                .toList();
    }

    private static double days(Instant now, Instant expires) {
        return Duration.between(now, expires).toSeconds() / SECONDS_PER_DAY;
    }
}
