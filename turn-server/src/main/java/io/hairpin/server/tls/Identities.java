package io.hairpin.server.tls;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// The identities in use, found by the name that a client asks for. Thread-safe; they are replaced
/// as a whole, and sessions that exist are not touched by it.
public final class Identities {

    /// An identity and the name it goes by among those that are in use at one time.
    record Entry(String alias, Identity identity) {}

    /// What is in use at one time, and how to find it.
    private record Snapshot(long number, List<Entry> all, Map<String, List<Entry>> byName) {

        static Snapshot of(long number, List<Identity> identities) {
            if (identities.isEmpty()) {
                throw new IllegalArgumentException("there is no identity");
            }
            List<Entry> all = new ArrayList<>();
            Map<String, List<Entry>> byName = new HashMap<>();
            for (Identity identity : identities) {
                Entry entry = new Entry(number + ":" + all.size(), identity);
                all.add(entry);
                for (String name : identity.names()) {
                    byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(entry);
                }
            }
            return new Snapshot(number, List.copyOf(all), byName);
        }

        List<Entry> candidates(@Nullable String serverName) {
            List<Entry> named = serverName == null ? List.of() : named(canonical(serverName));
            if (!named.isEmpty()) {
                return named;
            }
            // Where the first has a twin with another kind of key, clients can have either.
            Entry first = all.getFirst();
            List<String> names = first.identity().names();
            return names.isEmpty() ? List.of(first) : byName.getOrDefault(names.getFirst(), all);
        }

        private List<Entry> named(String name) {
            List<Entry> exact = byName.get(name);
            if (exact != null) {
                return exact;
            }
            // RFC 9525 §6.3: a wildcard stands for one label, the leftmost.
            int dot = name.indexOf('.');
            return dot > 0 ? byName.getOrDefault("*" + name.substring(dot), List.of()) : List.of();
        }
    }

    private volatile Snapshot current;

    /// Handshakes that have chosen one of these may not have come to use it yet.
    private volatile Snapshot previous;

    /// @param identities at least one; the first is the default
    public Identities(List<Identity> identities) {
        current = Snapshot.of(0, identities);
        previous = current;
    }

    /// The one for clients that ask for that name: an exact match before a wildcard, and the first
    /// of all where nothing matches or the client names nobody.
    public Identity identity(@Nullable String serverName) {
        return current.candidates(serverName).getFirst().identity();
    }

    /// All, the first being the default.
    public List<Identity> all() {
        return current.all().stream().map(Entry::identity).toList();
    }

    /// Has new handshakes use these.
    public synchronized void replace(List<Identity> identities) {
        Snapshot next = Snapshot.of(current.number() + 1, identities);
        previous = current;
        current = next;
    }

    /// All that fit a client equally well but for the kind of their keys, best first.
    List<Entry> candidates(@Nullable String serverName) {
        return current.candidates(serverName);
    }

    /// The identity of that alias, unless it was replaced long ago.
    @Nullable Identity byAlias(@Nullable String alias) {
        return Stream.of(current, previous)
                .flatMap(snapshot -> snapshot.all().stream())
                .filter(entry -> entry.alias().equals(alias))
                .map(Entry::identity)
                .findFirst()
                .orElse(null);
    }

    private static String canonical(String serverName) {
        String name = serverName.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
