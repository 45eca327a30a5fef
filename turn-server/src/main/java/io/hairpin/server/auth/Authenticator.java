package io.hairpin.server.auth;

import static io.hairpin.stun.Attributes.ACCESS_TOKEN;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.PASSWORD_ALGORITHM;
import static io.hairpin.stun.Attributes.PASSWORD_ALGORITHMS;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.USERHASH;
import static io.hairpin.stun.Attributes.USERNAME;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.STALE_NONCE;
import static io.hairpin.stun.ErrorCode.UNAUTHENTICATED;

import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.OpaqueString;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.SecurityFeature;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Decides who sent a request, by the long-term credential mechanism (RFC 8489 §9.2). Thread-safe:
/// one serves every shard.
///
/// An outsider cannot tell a name that exists from one that does not: both get the same 401 after
/// the same number of HMACs. Where there is a store besides, every request that is not signed
/// with a key at hand is looked up, whether its name is known here or not.
public final class Authenticator {
    /// What may be offered, best first; clients take the first they know.
    private static final List<PasswordAlgorithm> PREFERENCE =
            List.of(PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5);

    private final String realm;
    private final List<CredentialSource> sources;
    private final Nonces nonces;
    private final List<PasswordAlgorithm> offered;
    private final Set<SecurityFeature> features;
    private final @Nullable AccessTokens tokens;
    private final Expiry expiry;
    private final @Nullable Duration lookUpTimeout;

    /// Nonces do not say which password algorithms were offered with them. Whoever replaces an
    /// authenticator by one that offers others gives it [Nonces] with another key, so that clients
    /// are asked anew.
    ///
    /// @throws IllegalArgumentException if there is no source, or no password algorithm for which
    ///     every user has a key
    public Authenticator(String realm, List<CredentialSource> sources, Nonces nonces) {
        this(realm, sources, nonces, null);
    }

    /// @param tokens what opens access tokens (RFC 7635), which then may be all there is; null
    ///     where none are taken
    public Authenticator(
            String realm,
            List<CredentialSource> sources,
            Nonces nonces,
            @Nullable AccessTokens tokens) {
        this(realm, sources, nonces, tokens, Expiry.ALLOCATE);
    }

    /// @param expiry what ends with a user's credential, if that is limited in time
    public Authenticator(
            String realm,
            List<CredentialSource> sources,
            Nonces nonces,
            @Nullable AccessTokens tokens,
            Expiry expiry) {
        this(realm, sources, nonces, tokens, expiry, null);
    }

    /// @param lookUpTimeout how long it may take until a store has said whether it knows a user;
    ///     null where there is none, and all users are of `sources` or `tokens`
    public Authenticator(
            String realm,
            List<CredentialSource> sources,
            Nonces nonces,
            @Nullable AccessTokens tokens,
            Expiry expiry,
            @Nullable Duration lookUpTimeout) {
        if (sources.isEmpty() && tokens == null && lookUpTimeout == null) {
            throw new IllegalArgumentException("nobody could authenticate: no users, no secrets");
        }
        this.realm = Realm.checked(realm);
        this.sources = List.copyOf(sources);
        this.nonces = nonces;
        this.tokens = tokens;
        this.expiry = expiry;
        this.lookUpTimeout = lookUpTimeout;
        this.offered = servedByAll(sources);
        boolean enumerable =
                lookUpTimeout == null && sources.stream().allMatch(CredentialSource::enumerable);
        this.features =
                enumerable
                        ? Set.of(
                                SecurityFeature.PASSWORD_ALGORITHMS,
                                SecurityFeature.USERNAME_ANONYMITY)
                        : Set.of(SecurityFeature.PASSWORD_ALGORITHMS);
    }

    public String realm() {
        return realm;
    }

    /// How long a look-up may take that a [Verdict.Undecided] asks for.
    public Duration lookUpTimeout() {
        Duration timeout = lookUpTimeout;
        if (timeout == null) {
            throw new IllegalStateException("nothing is looked up in " + realm);
        }
        return timeout;
    }

    /// What goes with a 401 or 438 to this client.
    public Challenge challenge(InetSocketAddress client) {
        return new Challenge(
                realm,
                nonces.issue(client, features),
                offered,
                Optional.ofNullable(tokens).map(AccessTokens::serverName));
    }

    /// Judges a request that came from `client`, on whose 5-tuple no access token was shown before.
    public Verdict authenticate(StunMessage request, InetSocketAddress client) {
        return authenticate(request, client, List.of(), null);
    }

    /// Judges a request that came from `client`; the checks and their order are those of RFC 8489
    /// §9.2.4.
    ///
    /// @param sessions what access tokens gave whoever has the allocation of this 5-tuple
    /// @param kept what a store said of whoever has it, when it was made; null if none was asked
    public Verdict authenticate(
            StunMessage request,
            InetSocketAddress client,
            List<TokenSession> sessions,
            @Nullable Credential kept) {
        // 1. Unsigned: the client learns what to sign with.
        Optional<Integrity> integrity = request.integrity();
        if (integrity.isEmpty()) {
            return reject(UNAUTHENTICATED, "no message integrity");
        }

        // 2. Signed, but without all that says by whom.
        Optional<String> username = request.find(USERNAME);
        Optional<byte[]> userhash = request.find(USERHASH);
        Optional<String> nonce = request.find(NONCE);
        Optional<String> requestRealm = request.find(REALM);
        if (username.isPresent() == userhash.isPresent()) {
            return reject(BAD_REQUEST, "not exactly one of USERNAME and USERHASH");
        }
        if (nonce.isEmpty() || requestRealm.isEmpty()) {
            return reject(BAD_REQUEST, "message integrity without REALM or NONCE");
        }

        // RFC 7635 §7: a token stands for the password, and brings a key of its own.
        AccessTokens opener = tokens;
        if (opener != null && request.has(ACCESS_TOKEN)) {
            return byToken(opener, request, integrity.get(), client);
        }

        // 3. The password algorithm, unless somebody on the way has tampered with the choice.
        Optional<PasswordAlgorithm> algorithm = passwordAlgorithm(request);
        if (algorithm.isEmpty()) {
            return rejectPasswordAlgorithm(nonce.get(), client);
        }

        // 4. A name that can be somebody's, in our realm.
        if (!requestRealm.get().equals(realm)) {
            return rejectRealm(nonce.get(), client);
        }
        Optional<List<Candidate>> candidates =
                userhash.map(hash -> candidates(hash, algorithm.get()))
                        .or(
                                () ->
                                        username.flatMap(OpaqueString::prepare)
                                                .map(name -> candidates(name, algorithm.get())));
        if (candidates.isEmpty()) {
            return reject(UNAUTHENTICATED, "not a username");
        }

        // 5. The signature, be it with the key of a token that was shown, or a user that was looked
        // up, before.
        List<TokenGrant> usable =
                opener == null ? List.of() : opener.usable(sessions, request, integrity.get());
        List<Candidate> keys = new ArrayList<>(candidates.get());
        usable.forEach(grant -> keys.add(Candidate.of(grant.session())));
        if (kept != null) {
            keys.add(Candidate.of(kept));
        }
        Credential signer = Candidate.signer(request, integrity.get(), keys);
        if (signer == null) {
            return undecided(username, algorithm.get(), nonce.get(), client);
        }

        // 6. The nonce.
        if (nonces.check(nonce.get(), client) != Nonces.State.VALID) {
            return reject(STALE_NONCE, "stale nonce");
        }
        for (TokenGrant grant : usable) {
            if (grant.session().bearer().equals(signer.username())) {
                return grant.toBearer(integrity.get());
            }
        }
        return user(signer, request);
    }

    private Verdict user(Credential signer, StunMessage request) {
        return new Verdict.Authenticated(
                signer.username(),
                signer.key(),
                responseIntegrity(request),
                new Term(expiry, signer.left()),
                Optional.empty());
    }

    /// What becomes of a request that nobody known here has signed. A store is asked only for those
    /// who have shown by a nonce that they can be reached: looking up takes memory and time.
    private Verdict undecided(
            Optional<String> username,
            PasswordAlgorithm algorithm,
            String nonce,
            InetSocketAddress client) {
        Optional<String> name = username.flatMap(OpaqueString::prepare);
        if (lookUpTimeout == null || name.isEmpty()) {
            return nobody();
        }
        // Departs from RFC 8489 §9.2.4: the nonce is checked before the signature, which needs a
        // key that is not at hand.
        return nonces.check(nonce, client) == Nonces.State.VALID
                ? new Verdict.Undecided(new CredentialQuery(realm, name.get(), algorithm))
                : reject(STALE_NONCE, "stale nonce");
    }

    /// Judges a request that was [Verdict.Undecided] before.
    ///
    /// @param found the credentials that its query came to; none if nobody has that name
    public Verdict decide(StunMessage request, List<Credential> found) {
        List<Candidate> keys = new ArrayList<>();
        found.forEach(credential -> keys.add(Candidate.of(credential)));
        if (keys.isEmpty()) {
            keys.add(Candidate.NOBODY);
        }
        Credential signer = Candidate.signer(request, request.integrity().orElseThrow(), keys);
        return signer == null ? nobody() : user(signer, request);
    }

    private static Verdict nobody() {
        return reject(UNAUTHENTICATED, "unknown user or wrong password");
    }

    /// The same work is done, and the same answer given, whatever is wrong with the key id, the
    /// token or the signature.
    private Verdict byToken(
            AccessTokens tokens,
            StunMessage request,
            Integrity integrity,
            InetSocketAddress client) {
        AccessTokens.Opened opened =
                tokens.open(tokens.keyId(request), request.find(ACCESS_TOKEN).orElse(new byte[0]));
        // Departs from RFC 7635 §7: the first 16 bytes of the key do as well, because coturn's
        // clients sign with no more; whoever has them has the token's key.
        boolean whole = opened.session().hasSigned(request, integrity);
        boolean cut = opened.cut().hasSigned(request, integrity);
        TokenSession session = whole ? opened.session() : opened.cut();
        if (!request.find(REALM).filter(realm::equals).isPresent()) {
            return rejectRealm(request.find(NONCE).orElse(""), client);
        }
        if (!opened.refusal().isEmpty()) {
            return reject(UNAUTHENTICATED, opened.refusal());
        }
        if (!whole && !cut) {
            return reject(UNAUTHENTICATED, "not signed with the key of the access token");
        }
        if (nonces.check(request.find(NONCE).orElse(""), client) != Nonces.State.VALID) {
            return reject(STALE_NONCE, "stale nonce");
        }
        return new TokenGrant(session, opened.left()).toBearer(integrity);
    }

    private static List<PasswordAlgorithm> servedByAll(List<CredentialSource> sources) {
        List<PasswordAlgorithm> algorithms = new ArrayList<>(PREFERENCE);
        sources.forEach(source -> algorithms.retainAll(source.algorithms()));
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException(
                    "no password algorithm serves every user: "
                            + "some have only an MD5 key, others only a SHA-256 key");
        }
        return List.copyOf(algorithms);
    }

    /// The algorithm the client derived its key with; empty if that is not what a client does that
    /// saw our offer.
    private Optional<PasswordAlgorithm> passwordAlgorithm(StunMessage request) {
        // Departs from RFC 8489 §9.2.4: the rules for nonces that announce password algorithms hold
        // for all nonces, because all of ours do, and a nonce stripped of its cookie on the way
        // must not be a way around them.
        if (!choosesPasswordAlgorithm(request)) {
            return Optional.of(PasswordAlgorithm.MD5);
        }
        boolean sawOurOffer = request.find(PASSWORD_ALGORITHMS).filter(offered::equals).isPresent();
        return request.find(PASSWORD_ALGORITHM)
                .filter(chosen -> sawOurOffer && offered.contains(chosen));
    }

    private Verdict rejectPasswordAlgorithm(String nonce, InetSocketAddress client) {
        // Departs from RFC 8489 §9.2.4: with a nonce that is not, or no longer, ours the answer is
        // 438 rather than 400, because what was offered with it is then unknown, and clients
        // discard a 400 they cannot verify, which would strand them after a restart.
        return nonces.check(nonce, client) == Nonces.State.VALID
                ? reject(BAD_REQUEST, "password algorithms are not as offered")
                : reject(STALE_NONCE, "stale nonce, and password algorithms are not as offered");
    }

    /// A client that was led here by its name still has the nonce and the realm of where it came.
    /// Told that the nonce is stale it takes both from the answer; a 401 would be the last word to
    /// many.
    private Verdict rejectRealm(String nonce, InetSocketAddress client) {
        return nonces.check(nonce, client) == Nonces.State.VALID
                ? reject(UNAUTHENTICATED, "another realm")
                : reject(STALE_NONCE, "another realm, and a nonce that is not of this one");
    }

    /// The keys to try: those of the user, and for each source that has none a stand-in, so that
    /// the work does not show who exists.
    List<Candidate> candidates(String username, PasswordAlgorithm algorithm) {
        return candidates(source -> source.find(username, algorithm));
    }

    List<Candidate> candidates(byte[] userhash, PasswordAlgorithm algorithm) {
        return candidates(source -> source.findByHash(userhash, algorithm));
    }

    private List<Candidate> candidates(Function<CredentialSource, List<Credential>> lookUp) {
        List<Candidate> candidates = new ArrayList<>();
        for (CredentialSource source : sources) {
            List<Credential> found = lookUp.apply(source);
            if (found.isEmpty()) {
                candidates.add(Candidate.NOBODY);
            }
            for (Credential credential : found) {
                candidates.add(Candidate.of(credential));
            }
        }
        return candidates;
    }

    /// RFC 8489 §9.2.4: responses to a client that chose an algorithm are signed with SHA-256
    /// whichever it chose, those to all others with SHA-1.
    private static Integrity responseIntegrity(StunMessage request) {
        return choosesPasswordAlgorithm(request) ? Integrity.SHA256 : Integrity.SHA1;
    }

    private static boolean choosesPasswordAlgorithm(StunMessage request) {
        return request.has(PASSWORD_ALGORITHMS) || request.has(PASSWORD_ALGORITHM);
    }

    private static Verdict reject(ErrorCode code, String detail) {
        return new Verdict.Rejected(code, detail);
    }
}
