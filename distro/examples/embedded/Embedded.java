import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.Text;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.util.tracker.ServiceTracker;

/** Starts the OSGi framework on the class path with the bundles of a folder, and makes a picture: FOLDER TEXT FILE. */
public final class Embedded {
    /** The packages that this class shares with the bundles; both take them from the class path. */
    private static final String SHARED = "org.intarsia.engine.api;org.intarsia.model.api;org.intarsia.backend.api;"
            + "org.intarsia.graph;org.intarsia.graph.op;org.intarsia.weights;version=1.0.0";

    public static void main(String[] arguments) throws Exception {
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(Map.of(
                Constants.FRAMEWORK_STORAGE, Files.createTempDirectory("embedded").toString(),
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED));
        framework.start();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(arguments[0]), "*.jar")) {
            List<Bundle> bundles = new ArrayList<>();
            for (Path jar : jars) {
                bundles.add(framework.getBundleContext().installBundle("reference:" + jar.toUri()));
            }
            for (Bundle bundle : bundles) {
                bundle.start();
            }
            ServiceTracker<Engine, Engine> engines = new ServiceTracker<>(framework.getBundleContext(), Engine.class, null);
            engines.open();
            try (Model model = engines.waitForService(10_000).open(Engine.DEFAULT_MODEL, Placement.ANYWHERE)) {
                Request request = new Request(List.of(new Text(arguments[1])), Goal.PICTURE,
                        model.sampling(Goal.PICTURE).withSeed(1));
                PictureFiles.write(Path.of(arguments[2]), model.answer(request).images().getFirst());
            }
        } finally {
            framework.stop();
            framework.waitForStop(10_000);
        }
    }
}
