package io.hairpin.lab;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows of words under headings, for terminals and for Markdown.
record Table(List<String> headings, List<List<String>> rows) {

    String text() {
        int[] widths =
                IntStream.range(0, headings.size())
                        .map(
                                column ->
                                        all().mapToInt(row -> row.get(column).length())
                                                .max()
                                                .orElse(0))
                        .toArray();
        return all().map(
                        row ->
                                IntStream.range(0, widths.length)
                                        .mapToObj(i -> padded(row.get(i), widths[i]))
                                        .collect(Collectors.joining("  "))
                                        .stripTrailing())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String padded(String word, int width) {
        return word + " ".repeat(width - word.length());
    }

    String markdown() {
        List<String> rule = headings.stream().map(heading -> "---").toList();
        return Stream.concat(Stream.of(headings, rule), rows.stream())
                .map(row -> row.stream().collect(Collectors.joining(" | ", "| ", " |")))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private Stream<List<String>> all() {
        return Stream.concat(Stream.of(headings), rows.stream());
    }
}
