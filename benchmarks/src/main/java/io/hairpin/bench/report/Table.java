package io.hairpin.bench.report;

import java.util.ArrayList;
import java.util.List;

/// A table in Markdown, its columns padded so that it reads as text too.
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        row(header);
    }

    public void row(String... cells) {
        row(List.of(cells));
    }

    /// Adds a row; cells left out at its end are empty.
    public void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    public String markdown() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], Math.max(3, width(row.get(column))));
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            append(text, rows.get(i), widths);
            if (i == 0) {
                for (int column = 0; column < columns; column++) {
                    String dashes = "-".repeat(widths[column] + (column == 0 ? 2 : 1));
                    text.append('|').append(dashes).append(column == 0 ? "" : ":");
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }

    /// The first column begins at the left, numbers end at the right.
    private static void append(StringBuilder text, List<String> row, int[] widths) {
        for (int column = 0; column < widths.length; column++) {
            String cell = column < row.size() ? row.get(column) : "";
            String padding = " ".repeat(widths[column] - width(cell));
            text.append("| ").append(column == 0 ? cell + padding : padding + cell).append(' ');
        }
        text.append("|\n");
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
