package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import javax.xml.parsers.DocumentBuilderFactory;

class PlotTest {
    private static final String HAIRPIN = "#d55e00";
    private static final String COTURN = "#999999";

    @Test
    void barsAreAsHighAsTheirValues() throws Exception {
        Document plot = plot(SampleResults.of());

        // The legend's square, packets per second in max, CPU in a and in max.
        List<Double> hairpin = heights(plot, HAIRPIN);
        List<Double> coturn = heights(plot, COTURN);
        assertThat(hairpin).hasSize(4);
        assertThat(hairpin.get(1) / coturn.get(1)).isBetween(1.79, 1.81);
        assertThat(hairpin.get(2) / coturn.get(2)).isBetween(0.62, 0.63);
    }

    @Test
    void everyPercentileHasItsDot() throws Exception {
        NodeList dots = plot(SampleResults.of()).getElementsByTagName("circle");

        assertThat(dots.getLength()).isEqualTo(2 * 3 * 3);
    }

    @Test
    void nothingIsDrawnOutsideThePage() throws Exception {
        Document plot = plot(SampleResults.of());
        double width = number(plot.getDocumentElement(), "width");
        double height = number(plot.getDocumentElement(), "height");

        for (Element bar : elements(plot, "rect")) {
            assertThat(number(bar, "x") + number(bar, "width")).isBetween(0.0, width);
            assertThat(number(bar, "y") + number(bar, "height")).isBetween(0.0, height);
        }
        for (Element text : elements(plot, "text")) {
            assertThat(number(text, "x")).isBetween(0.0, width);
            assertThat(number(text, "y")).isBetween(0.0, height);
        }
    }

    @Test
    void aRunWithoutTrafficHasAPlotThatSaysSo() throws Exception {
        Results results = new Results(Map.of());
        results.add(new Measurement(1, "coturn", Shape.START, "", Map.of()));

        assertThat(plot(results).getDocumentElement().getTextContent()).contains("not measured");
    }

    private static Document plot(Results results) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(Plot.svg(results))));
    }

    private static List<Double> heights(Document plot, String colour) {
        return elements(plot, "rect").stream()
                .filter(bar -> bar.getAttribute("fill").equals(colour))
                .map(bar -> number(bar, "height"))
                .toList();
    }

    private static List<Element> elements(Document plot, String name) {
        NodeList nodes = plot.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
