import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.Text;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.util.tracker.ServiceTracker;

/** Starts the OSGi framework on the class path with the bundles of a folder, and makes a picture: FOLDER TEXT FILE. */
void main(String[] arguments) throws Exception {
    // The packages that this program shares with the bundles; both take them from the class path.
    var shared = "org.intarsia.engine.api;org.intarsia.model.api;org.intarsia.backend.api;org.intarsia.graph;org.intarsia.graph.op;org.intarsia.weights;version=1.0.0";
    var framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(Map.of(
            Constants.FRAMEWORK_STORAGE, Files.createTempDirectory("embedded").toString(), Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, shared));
    framework.start();
    try (var jars = Files.newDirectoryStream(Path.of(arguments[0]), "*.jar")) {
        for (var jar : jars) framework.getBundleContext().installBundle("reference:" + jar.toUri());
        for (var bundle : framework.getBundleContext().getBundles()) bundle.start();
        var engines = new ServiceTracker<Engine, Engine>(framework.getBundleContext(), Engine.class, null);
        engines.open();
        try (var model = engines.waitForService(10_000).open(Engine.DEFAULT_MODEL, Placement.ANYWHERE)) {
            var request = new Request(List.of(new Text(arguments[1])), Goal.PICTURE, model.sampling(Goal.PICTURE).withSeed(1));
            PictureFiles.write(Path.of(arguments[2]), model.answer(request).images().getFirst());
        }
    } finally {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
