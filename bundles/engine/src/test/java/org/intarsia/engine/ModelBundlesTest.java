package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.intarsia.engine.api.Missing;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.files.ModelBundles;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** Model bundles that are updated or leave while they are unpacked. */
class ModelBundlesTest {
    private static final String TEXT = "{}";

    @TempDir
    Path storage;

    private long lastModified = 1;
    private int state = Bundle.ACTIVE;
    private Runnable beforeReading = () -> { };
    private boolean installed = true;
    private BundleListener listener;
    private final Bundle bundle = bundle();
    private final ModelBundles bundles = new ModelBundles(context(), () -> { });

    @Test
    void oneThatIsUpdatedWhileItIsReadIsReadAgain() {
        beforeReading = () -> {
            beforeReading = () -> { };
            lastModified = 2;
            throw new IllegalStateException("Inflater has been closed");
        };
        assertThat(bundles.find("stars").orElseThrow().directory().resolve("config.json")).hasContent(TEXT);
        assertThat(bundles.find("stars").orElseThrow().directory()).hasFileName("7-2");
    }

    @Test
    void oneThatIsUpdatedUnnoticedIsNotMixed() {
        beforeReading = () -> lastModified = 2;
        assertThat(bundles.find("stars").orElseThrow().directory()).hasFileName("7-2");
        assertThat(storage.resolve("models/7-1/.complete")).doesNotExist();
    }

    @Test
    void oneThatLeavesIsNotThere() {
        beforeReading = () -> {
            state = Bundle.RESOLVED;
            throw new IllegalStateException("zip file closed");
        };
        assertThat(bundles.find("stars")).isEmpty();
    }

    @Test
    void oneThatHasStoppedIsMissingUntilItStartsAgain() {
        Workshop workshop = new Workshop();
        EngineService engine = new EngineService(bundles, workshop.registry, workshop.recorder, EngineStopTest.NO_USE);
        state = Bundle.RESOLVED;
        assertIsMissing(engine);
        // Then it is uninstalled.
        listener.bundleChanged(new BundleEvent(BundleEvent.STOPPED, bundle));
        installed = false;
        assertIsMissing(engine);
        assertThatThrownBy(() -> engine.open("moons", Placement.ANYWHERE)).isInstanceOf(ModelException.class)
                .isNotInstanceOf(Missing.class);
    }

    private static void assertIsMissing(EngineService engine) {
        assertThatThrownBy(() -> engine.open("stars", Placement.ANYWHERE)).isInstanceOf(ModelException.class).isInstanceOf(Missing.class)
                .hasMessage("model stars is not there, since its bundle getSymbolicName is stopped or was uninstalled:"
                        + " start or install the bundle getSymbolicName");
    }

    @Test
    void oneThatCannotBeReadIsNotTriedForEver() {
        beforeReading = () -> {
            throw new IllegalStateException("of the test");
        };
        assertThatThrownBy(() -> bundles.find("stars")).isInstanceOf(IllegalStateException.class).hasMessage("of the test");
    }

    private Bundle bundle() {
        BundleCapability model = answering(BundleCapability.class, (name, arguments) -> Map.of("name", "stars"));
        BundleRevision revision = answering(BundleRevision.class, (name, arguments) -> List.of(model));
        return answering(Bundle.class, (name, arguments) -> switch (name) {
            case "adapt" -> revision;
            case "getState" -> state;
            case "getVersion" -> Version.emptyVersion;
            case "getLastModified" -> lastModified;
            case "getBundleId" -> 7L;
            case "getLocation" -> "file:stars.jar";
            case "findEntries" -> Collections.enumeration(List.of(entry()));
            default -> name;
        });
    }

    private BundleContext context() {
        return answering(BundleContext.class, (name, arguments) -> switch (name) {
            case "getBundles" -> installed ? new Bundle[] {bundle} : new Bundle[0];
            case "addBundleListener" -> listener = (BundleListener) arguments[0];
            case "getDataFile" -> storage.resolve((String) arguments[0]).toFile();
            default -> null;
        });
    }

    private URL entry() {
        try {
            return URL.of(URI.create("bundle://7/model/config.json"), new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {
                        }

                        @Override
                        public InputStream getInputStream() throws IOException {
                            beforeReading.run();
                            return new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.UTF_8));
                        }

                        @Override
                        public long getContentLengthLong() {
                            return TEXT.length();
                        }
                    };
                }
            });
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static <T> T answering(Class<T> type, BiFunction<String, Object[], Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) ->
                switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> answers.apply(method.getName(), arguments);
                }));
    }
}
