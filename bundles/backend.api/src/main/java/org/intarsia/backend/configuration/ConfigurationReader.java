package org.intarsia.backend.configuration;

import java.lang.reflect.Method;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.text.Nearest;
import org.intarsia.text.Quoted;

/**
 * Reads the settings of one component. A setting {@code key} comes from the component's configuration, else from the system
 * property {@code PREFIX.key}. A value that is wrong, or a key that the component does not know, is told in one sentence and
 * counts as not set: Declarative Services would make {@code false} or 0 of it without a word.
 */
public final class ConfigurationReader {
    private static final String FILE = "felix.fileinstall.filename";
    private static final String RANKING = "service.ranking";

    private final String pid;
    private final String prefix;
    private final SortedSet<String> keys;
    private final Map<String, ?> properties;
    private final UnaryOperator<String> systemProperties;
    private final Consumer<String> warning;

    /**
     * Tells at once which keys are not known.
     *
     * @param pid         the PID of the configuration
     * @param prefix      the prefix of the system properties, without the last dot
     * @param description the annotation type that describes the settings, a method each
     * @param properties  the component's properties
     * @param warning     takes a sentence about each wrong value and each unknown key
     */
    public ConfigurationReader(String pid, String prefix, Class<?> description, Map<String, ?> properties,
            Consumer<String> warning) {
        this(pid, prefix, description, properties, System::getProperty, warning);
    }

    /**
     * Reads properties of the framework, too.
     *
     * @param pid              the PID of the configuration
     * @param prefix           the prefix of the system properties, without the last dot
     * @param description      the annotation type that describes the settings, a method each
     * @param properties       the component's properties
     * @param systemProperties looks a framework or system property up; null where it is not set
     * @param warning          takes a sentence about each wrong value and each unknown key
     */
    public ConfigurationReader(String pid, String prefix, Class<?> description, Map<String, ?> properties,
            UnaryOperator<String> systemProperties, Consumer<String> warning) {
        this.pid = pid;
        this.prefix = prefix + ".";
        this.keys = Arrays.stream(description.getDeclaredMethods()).filter(method -> !method.isSynthetic()).map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        this.properties = properties;
        this.systemProperties = systemProperties;
        this.warning = warning;
        properties.keySet().stream().filter(key -> !keys.contains(key) && !isOfThePlatform(key)).sorted()
                .forEach(key -> warning.accept(pid + ": there is no setting '" + printable(key) + "'" + Nearest.question(key, keys)
                        + file()));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(this.prefix) && !keys.contains(name.substring(this.prefix.length()))).sorted()
                .forEach(name -> warning.accept("there is no system property " + printable(name)
                        + Nearest.question(name, keys.stream().map(this.prefix::concat).toList())));
        if (properties.containsKey(RANKING) && !(properties.get(RANKING) instanceof Integer)) {
            warning.accept(pid + ": " + RANKING + " is an integer, written I\"5\", not '" + printable(properties.get(RANKING))
                    + "'; it counts as not set" + file());
        }
    }

    /** Returns a setting that is true or false. */
    public Optional<Boolean> flag(String key) {
        return value(key, "true or false", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        });
    }

    /** Returns a setting that is a finite number of at least 0. */
    public Optional<Double> number(String key) {
        return value(key, "a number of at least 0", text -> {
            double number = Double.parseDouble(text);
            if (!Double.isFinite(number) || number < 0) {
                throw new IllegalArgumentException();
            }
            return number;
        });
    }

    /** Returns a setting that is an integer within these bounds. */
    public Optional<Integer> integer(String key, int least, int most) {
        return value(key, "an integer from " + least + " to " + most, text -> {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException();
            }
            return number;
        });
    }

    /** Returns a setting that is a folder. */
    public Optional<Path> folder(String key) {
        return value(key, "a folder", text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    /** Returns a setting that is text. */
    public Optional<String> text(String key) {
        return value(key, "one text", Function.identity());
    }

    /** Returns a setting that is a list of words, separated by commas; empty where it is not set. */
    public List<String> list(String key) {
        return text(key).stream().flatMap(text -> Arrays.stream(text.split(","))).map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    /** Returns a setting that is one of these words, however its letters are written. */
    public Optional<String> word(String key, List<String> words) {
        return value(key, "one of " + String.join(", ", words), text -> words.stream().filter(text::equalsIgnoreCase).findFirst()
                .orElseThrow(IllegalArgumentException::new));
    }

    /** @param parser throws an {@link IllegalArgumentException} for text that is no such value */
    private <T> Optional<T> value(String key, String kind, Function<String, T> parser) {
        if (!keys.contains(key)) {
            throw new IllegalArgumentException(pid + " describes no setting '" + key + "'");
        }
        Object configured = properties.get(key);
        Object given = configured != null ? configured : systemProperties.apply(prefix + key);
        if (given == null || given.toString().isBlank()) {
            return Optional.empty();
        }
        try {
            if (given instanceof Collection || given.getClass().isArray()) {
                throw new IllegalArgumentException("a list");
            }
            return Optional.of(parser.apply(given.toString().strip()));
        } catch (IllegalArgumentException e) {
            warning.accept((configured != null ? pid + ": " + key : "the system property " + prefix + key) + " is " + kind
                    + ", not '" + printable(given) + "'; it counts as not set" + (configured != null ? file() : ""));
            return Optional.empty();
        }
    }

    /** Properties that OSGi or FileInstall put into every configuration, or that say how a component is wired. */
    private static boolean isOfThePlatform(String key) {
        return Stream.of(".", "service.", "component.", "felix.", "osgi.").anyMatch(key::startsWith)
                || key.endsWith(".target") || key.endsWith(".cardinality.minimum");
    }

    private String file() {
        return properties.get(FILE) == null ? "" : " (" + printable(properties.get(FILE)) + ")";
    }

    private static String printable(Object given) {
        String text = given instanceof Object[] list ? Arrays.toString(list) : given.toString();
        return Quoted.line(text);
    }
}
