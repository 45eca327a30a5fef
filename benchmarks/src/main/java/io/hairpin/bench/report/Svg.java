package io.hairpin.bench.report;

import java.io.StringWriter;
import java.util.Locale;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// A drawing of rectangles, lines, dots and words, on white.
public final class Svg {
    public static final String INK = "#222222";
    public static final String FAINT = "#666666";

    private static final String NAMESPACE = "http://www.w3.org/2000/svg";

    private final StringWriter written = new StringWriter();
    private final XMLStreamWriter xml;

    public Svg(int width, int height) {
        try {
            xml = XMLOutputFactory.newFactory().createXMLStreamWriter(written);
            xml.writeStartElement("svg");
            xml.writeDefaultNamespace(NAMESPACE);
        } catch (XMLStreamException e) {
            throw broken(e);
        }
        attributes("viewBox", "0 0 " + width + " " + height);
        attributes("width", width, "height", height);
        attributes("font-family", "Helvetica, Arial, sans-serif", "font-size", 12);
        rectangle(0, 0, width, height, "#ffffff");
    }

    public void rectangle(double x, double y, double width, double height, String colour) {
        begin("rect");
        attributes("x", x, "y", y, "width", width, "height", height, "fill", colour);
    }

    public void line(double x1, double y1, double x2, double y2, String colour) {
        begin("line");
        attributes("x1", x1, "y1", y1, "x2", x2, "y2", y2, "stroke", colour);
    }

    public void dot(double x, double y, double radius, String colour) {
        begin("circle");
        attributes("cx", x, "cy", y, "r", radius, "fill", colour);
    }

    /// Where words are in relation to the point they are given.
    public enum Anchor {
        START,
        MIDDLE,
        END
    }

    public void text(double x, double y, Anchor anchor, int size, String colour, String words) {
        try {
            xml.writeCharacters("\n");
            xml.writeStartElement("text");
            attributes("x", x, "y", y, "font-size", size, "fill", colour);
            attributes("text-anchor", anchor.name().toLowerCase(Locale.ROOT));
            xml.writeCharacters(words);
            xml.writeEndElement();
        } catch (XMLStreamException e) {
            throw broken(e);
        }
    }

    /// Ends the drawing and returns it.
    public String finish() {
        try {
            xml.writeCharacters("\n");
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw broken(e);
        }
        return written + "\n";
    }

    private void begin(String element) {
        try {
            xml.writeCharacters("\n");
            xml.writeEmptyElement(element);
        } catch (XMLStreamException e) {
            throw broken(e);
        }
    }

    /// Names and values in turn; lengths to a tenth of a pixel.
    private void attributes(Object... namesAndValues) {
        try {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                Object value = namesAndValues[i + 1];
                xml.writeAttribute(
                        namesAndValues[i].toString(),
                        value instanceof Double length
                                ? String.format(Locale.ROOT, "%.1f", length)
                                : value.toString());
            }
        } catch (XMLStreamException e) {
            throw broken(e);
        }
    }

    private static IllegalStateException broken(XMLStreamException e) {
        return new IllegalStateException("writing to memory cannot fail", e);
    }
}
