package org.intarsia.backend.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Settings are read strictly: what is wrong or unknown is told, and counts as not set. */
class ConfigurationReaderTest {
    private static final String PID = "org.example.painter";
    private static final String PREFIX = "example.painter";

    private final List<String> told = new ArrayList<>();

    /** The settings that a user can configure. */
    private @interface Description {
        boolean subgroups() default true;

        double patience() default 10;

        String cache() default "";
    }

    @AfterEach
    void reset() {
        System.getProperties().keySet().removeIf(name -> name.toString().startsWith(PREFIX));
    }

    @Test
    void valuesMayBeTextTypedOrMissing() {
        ConfigurationReader reader = reader(Map.of("subgroups", " FALSE ", "patience", 0.5, "service.pid", PID,
                "component.id", 7L, "painters.target", "(a=b)"));

        assertThat(reader.flag("subgroups")).hasValue(false);
        assertThat(reader.number("patience")).hasValue(0.5);
        assertThat(reader.folder("cache")).isEmpty();
        assertThat(reader(Map.of("cache", "kernels")).folder("cache")).hasValue(Path.of("kernels"));
        assertThat(reader(Map.of("subgroups", true)).flag("subgroups")).hasValue(true);
        assertThat(told).isEmpty();
    }

    @Test
    void aWrongValueIsToldAndCountsAsNotSet() {
        ConfigurationReader reader = reader(Map.of("subgroups", "banana", "patience", "NaN", "cache", new String[]{"a", "b"},
                "felix.fileinstall.filename", "file:/deploy/org.example.painter.cfg"));

        assertThat(reader.flag("subgroups")).isEmpty();
        assertThat(reader.number("patience")).isEmpty();
        assertThat(reader.text("cache")).isEmpty();
        assertThat(told).containsExactly(
                PID + ": subgroups is true or false, not 'banana'; it counts as not set (file:/deploy/org.example.painter.cfg)",
                PID + ": patience is a number of at least 0, not 'NaN'; it counts as not set (file:/deploy/org.example.painter.cfg)",
                PID + ": cache is one text, not '[a, b]'; it counts as not set (file:/deploy/org.example.painter.cfg)");
    }

    @Test
    void listsAndWords() {
        assertThat(reader(Map.of("cache", " a, b ,,c")).list("cache")).containsExactly("a", "b", "c");
        assertThat(reader(Map.of()).list("cache")).isEmpty();
        assertThat(reader(Map.of("cache", "BF16")).word("cache", List.of("f32", "bf16"))).hasValue("bf16");
        assertThat(told).isEmpty();
        assertThat(reader(Map.of("cache", "q8")).word("cache", List.of("f32", "bf16"))).isEmpty();
        assertThat(told).containsExactly(PID + ": cache is one of f32, bf16, not 'q8'; it counts as not set");
    }

    @Test
    void anUnknownKeyIsTold() {
        System.setProperty(PREFIX + ".patients", "3");
        reader(Map.of("subgroup", "true", "colour\u001b[2J", "red", "service.ranking", "5"));

        assertThat(told).containsExactly(
                PID + ": there is no setting 'colour\\u001b[2J'",
                PID + ": there is no setting 'subgroup'; did you mean subgroups?",
                "there is no system property " + PREFIX + ".patients; did you mean " + PREFIX + ".patience?",
                PID + ": service.ranking is an integer, written I\"5\", not '5'; it counts as not set");
    }

    @Test
    void aSystemPropertyCountsWhereNothingIsConfigured() {
        System.setProperty(PREFIX + ".subgroups", "false");
        System.setProperty(PREFIX + ".patience", "-1");

        assertThat(reader(Map.of()).flag("subgroups")).hasValue(false);
        assertThat(reader(Map.of("subgroups", "true")).flag("subgroups")).hasValue(true);
        assertThat(told).isEmpty();
        assertThat(reader(Map.of()).number("patience")).isEmpty();
        assertThat(told).containsExactly("the system property " + PREFIX
                + ".patience is a number of at least 0, not '-1'; it counts as not set");
    }

    @Test
    void whatIsNotDescribedCannotBeRead() {
        assertThatThrownBy(() -> reader(Map.of()).flag("colour")).hasMessage(PID + " describes no setting 'colour'");
    }

    private ConfigurationReader reader(Map<String, ?> properties) {
        return new ConfigurationReader(PID, PREFIX, Description.class, properties, told::add);
    }
}
