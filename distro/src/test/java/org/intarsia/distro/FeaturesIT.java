package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Domain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The files by which others use the box: Karaf's features, the index for resolvers, the bill of materials for Maven. */
class FeaturesIT {
    private static final Path BOX = Path.of("target/intarsia");
    /** A part of a multi-release jar, which is a resource of its own and no file. */
    private static final String PART = "urn:osgi-bnd-mrj:";
    private static final List<String> KARAF_HAS = List.of("scr");

    @Test
    void everyBundleOfAFeatureIsInTheBoxAndEveryBundleOfOursIsInAFeature() throws Exception {
        List<String> files = elements(BOX.resolve("features.xml"), "bundle").map(Node::getTextContent)
                .map(FeaturesIT::file).distinct().sorted().toList();
        List<String> box = bundles();

        assertThat(box).containsAll(files);
        assertThat(files).containsAll(box.stream().filter(file -> file.startsWith("org.intarsia.")).toList());
    }

    @Test
    void theBillOfMaterialsNamesEveryBundleOfOurs() throws Exception {
        List<String> named = elements(Path.of("bom/pom.xml"), "artifactId").map(Node::getTextContent).toList();
        assertThat(bundles().stream().filter(file -> file.startsWith("org.intarsia."))
                .map(file -> file.replaceFirst("-[0-9].*", ""))).isNotEmpty().allMatch(named::contains);
    }

    @Test
    void everyFeatureThatAnotherNamesIsThere() throws Exception {
        List<Element> features = elements(BOX.resolve("features.xml"), "feature").toList();
        List<String> there = features.stream().filter(feature -> feature.hasAttribute("name"))
                .map(feature -> feature.getAttribute("name")).toList();
        assertThat(features.stream().filter(feature -> !feature.hasAttribute("name")).map(Node::getTextContent))
                .isNotEmpty().allMatch(name -> there.contains(name) || KARAF_HAS.contains(name));
    }

    /** Karaf offers bundles the JDK's packages by a list of its own, made for Java 9. */
    @Test
    void bundlesOfFeaturesNeedNoPackageOfTheJdkThatKarafDoesNotOffer() throws Exception {
        Set<String> offered = new HashSet<>(Files.readAllLines(Path.of("src/test/resources/karaf-4.4.8-packages.txt")));
        Map<String, String> needed = new TreeMap<>();
        for (String file : elements(BOX.resolve("features.xml"), "bundle").map(Node::getTextContent).map(FeaturesIT::file)
                .distinct().toList()) {
            try (JarFile jar = new JarFile(BOX.resolve("bundles").resolve(file).toFile())) {
                Domain headers = Domain.domain(jar.getManifest());
                headers.getExportPackage().keySet().forEach(offered::add);
                headers.getImportPackage().forEach((name, attributes) -> {
                    if (!"optional".equals(attributes.get("resolution:"))) {
                        needed.put(name, file);
                    }
                });
            }
        }
        needed.keySet().removeIf(name -> offered.contains(name) || name.startsWith("java."));

        assertThat(needed).isEmpty();
    }

    @Test
    void theIndexHoldsTheFrameworkAndPointsIntoTheBox() throws Exception {
        String index = Files.readString(BOX.resolve("index.xml"));
        List<String> urls = Pattern.compile("name=\"url\" value=\"([^\"]*)\"").matcher(index).results()
                .map(url -> url.group(1)).filter(url -> !url.startsWith(PART)).distinct().toList();

        assertThat(urls).contains("lib/framework.jar").allMatch(url -> Files.isRegularFile(BOX.resolve(url)));
        assertThat(urls).containsAll(bundles().stream().map(file -> "bundles/" + file).toList());
        assertThat(index).contains("name=\"osgi.identity\" value=\"org.apache.felix.framework\"");
    }

    @Test
    void theIndexSaysNothingOfWhenAndWhereItWasMade() throws Exception {
        String index = Files.readString(BOX.resolve("index.xml"));
        assertThat(Pattern.compile("<repository [^>]*>").matcher(index).results().map(MatchResult::group))
                .singleElement().asString().contains("increment=\"0\"");
        assertThat(index).doesNotContain(Path.of("").toAbsolutePath().getParent().toString(), "file:");
    }

    /** The name of the file in the box of {@code mvn:GROUP/ARTIFACT/VERSION}. */
    private static String file(String url) {
        String[] parts = url.substring("mvn:".length()).split("/");
        return parts[1] + "-" + parts[2] + ".jar";
    }

    private static List<String> bundles() throws IOException {
        try (Stream<Path> files = Files.list(BOX.resolve("bundles"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Stream<Element> elements(Path file, String name) throws Exception {
        NodeList nodes = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getElementsByTagName(name);
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1).map(i -> (Element) nodes.item(i));
    }
}
