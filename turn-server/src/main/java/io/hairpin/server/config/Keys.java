package io.hairpin.server.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The keys that records make: `maxLifetime` of `limits` is `limits.max-lifetime`.
final class Keys {

    /// A key that holds a value rather than further keys.
    record Leaf(String path, Type type) {

        /// The environment variable that overrides it.
        String variable() {
            return VARIABLE_PREFIX
                    + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        }

        boolean isSecret() {
            return type.getTypeName().contains(Secret.class.getName());
        }
    }

    static final String VARIABLE_PREFIX = "HAIRPIN_";

    /// One wrong letter in three is still taken for the same word.
    private static final int LETTERS_PER_EDIT = 3;

    private Keys() {}

    static String of(RecordComponent component) {
        StringBuilder key = new StringBuilder();
        for (char letter : component.getName().toCharArray()) {
            if (Character.isUpperCase(letter)) {
                key.append('-');
            }
            key.append(Character.toLowerCase(letter));
        }
        return key.toString();
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// Whether a type is a section, whose components are keys of their own.
    static boolean isSection(Type type) {
        return type instanceof Class<?> c && c.isRecord() && !TextType.exists(c);
    }

    /// Whether a key may be left out without having a default.
    static boolean isOptional(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
    }

    static List<Leaf> leaves() {
        List<Leaf> leaves = new ArrayList<>();
        collect(Configuration.class, "", leaves);
        return leaves;
    }

    private static void collect(Class<?> section, String path, List<Leaf> leaves) {
        for (RecordComponent component : section.getRecordComponents()) {
            String key = join(path, of(component));
            if (isSection(component.getGenericType())) {
                collect(component.getType(), key, leaves);
            } else {
                leaves.add(new Leaf(key, component.getGenericType()));
            }
        }
    }

    /// The known word a mistaken one was probably meant to be.
    static Optional<String> closest(String mistaken, List<String> known) {
        return known.stream()
                .filter(word -> distance(mistaken, word) * LETTERS_PER_EDIT <= word.length())
                .min(Comparator.comparingInt(word -> distance(mistaken, word)));
    }

    /// How many letters must be added, removed, replaced or swapped with their neighbour.
    private static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(edits[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            edits[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int best = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                edits[i][j] = swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
            }
        }
        return edits[a.length()][b.length()];
    }
}
