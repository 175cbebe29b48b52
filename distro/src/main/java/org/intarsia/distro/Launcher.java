package org.intarsia.distro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * Boots the framework, runs one command in it, and ends with the command's exit status.
 * <p>
 * The bundles come from {@code bundles/} of the home folder (system property {@value #HOME}) and are read in place.
 * What lies in the deploy folder ({@value #DEPLOY}) is taken in by the bundle org.intarsia.provisioning, which starts
 * before they are resolved, and which FileInstall tells of changes in the interactive shell. Where the deploy folder holds
 * configuration files, FileInstall reads them in every mode, before the bundles that they configure start. The framework's
 * own files stand in a temporary folder of this process alone, so any number of processes may run side by side; the folder
 * goes when the process ends.
 * <p>
 * A script ({@code run FILE}) gives several commands, and the server ({@code serve}) answers many requests, so they find some
 * more bundles started than a single command does.
 * The arguments are handed, untouched, to the <em>entry service</em>: a {@code ToIntFunction<String[]>} with the
 * property {@value #ENTRY}, which returns the exit status. No arguments mean the interactive shell: then the start
 * level rises to {@value #INTERACTIVE_LEVEL}, and the process lives until somebody stops the framework.
 */
public final class Launcher {
    /** System property: the folder that holds {@code bundles/} and {@code etc/}. */
    static final String HOME = "intarsia.home";

    /** System and framework property: a folder whose jars are installed besides; it need not exist. */
    static final String DEPLOY = "intarsia.deploy";

    /** Service property that marks the service which takes the arguments. */
    static final String ENTRY = "org.intarsia.entry";

    /** The history file of Gogo's interactive shell. */
    private static final Path HISTORY = Path.of(System.getProperty("user.home"), ".gogo.history").toAbsolutePath();

    private static final int BATCH_LEVEL = 10;
    private static final int SCRIPT_LEVEL = 15;
    private static final int INTERACTIVE_LEVEL = 30;
    private static final String SCRIPT = "run";
    private static final String SERVER = "serve";
    private static final int FAILED = 1;
    private static final long STOP_MILLIS = 5_000;

    private static final String FILE_INSTALL = "org.apache.felix.fileinstall";
    /** After the bundle that takes in jars, before those that are configured. */
    private static final int CONFIGURING_LEVEL = 4;
    /** Hidden files are still being received. */
    private static final String WATCHED = "[^.].*\\.(jar|cfg|config)";
    private static final Pattern CONFIGURATION = Pattern.compile("[^.].*\\.(cfg|config)");

    private final Path home;
    private final Path deploy;
    private final int level;
    private final Storage storage;
    private final Framework framework;

    private Launcher(Path home, Path deploy, boolean interactive, int level) throws IOException, LaunchException {
        this.home = home;
        this.deploy = deploy;
        this.level = level;
        this.storage = Storage.create();
        this.framework = ServiceLoader.load(FrameworkFactory.class).findFirst()
                .orElseThrow(() -> new LaunchException("there is no OSGi framework on the class path"))
                .newFramework(configuration(interactive));
    }

    /**
     * Runs one command, or the interactive shell when there are no arguments, and ends the process.
     *
     * @param arguments the command's name and its arguments, taken literally
     */
    public static void main(String[] arguments) {
        StandardError.restore();
        // Before anything is formatted: Felix writes the version of Java with the digits of the default locale, and then
        // finds none of the versions that bundles ask for. What the platform says is English under every locale.
        Locale.setDefault(Locale.ROOT);
        int status = FAILED;
        Logs.configure(List.of(arguments).contains("--verbose"));
        try {
            if (System.getProperty(HOME) == null) {
                throw new LaunchException("the system property " + HOME + " is missing; set it to the folder of bundles/ and etc/");
            }
            Path home = Path.of(System.getProperty(HOME));
            Path deploy = Path.of(System.getProperty(DEPLOY, home.resolve("deploy").toString()));
            Launcher launcher = new Launcher(home, deploy, arguments.length == 0,
                    names(arguments, SCRIPT) || names(arguments, SERVER) ? SCRIPT_LEVEL : BATCH_LEVEL);
            Runtime.getRuntime().addShutdownHook(new Thread(launcher::removeStorage, "intarsia-cleanup"));
            status = launcher.run(arguments);
        } catch (LaunchException | IOException | BundleException e) {
            complain("the platform does not start: " + e.getMessage());
        } catch (InterruptedException e) {
            complain("interrupted");
        }
        // Threads of bundles must not keep a finished command alive.
        System.exit(status);
    }

    private static boolean names(String[] arguments, String command) {
        return Stream.of(arguments).anyMatch(command::equals);
    }

    private int run(String[] arguments) throws IOException, BundleException, LaunchException, InterruptedException {
        boolean interactive = arguments.length == 0;
        // Threads of bundles inherit this. With the launcher's own class loader, libraries such as JLine would look
        // for their parts in it, in vain; without one they look in their bundle.
        Thread.currentThread().setContextClassLoader(null);
        framework.init();
        framework.getBundleContext().addFrameworkListener(this::report);
        try {
            Box box = new Box(framework, home);
            box.install(levels());
            framework.start();
            box.start(level);
            if (!interactive) {
                ToIntFunction<String[]> entry = entry();
                return Interruptible.run(() -> entry.applyAsInt(arguments), names(arguments, SERVER));
            }
            if (!isWritable(HISTORY)) {
                complain("what is typed is not kept for the next time: " + HISTORY + " cannot be written");
            }
            box.start(INTERACTIVE_LEVEL);
            framework.waitForStop(0);
            return 0;
        } finally {
            framework.stop();
            framework.waitForStop(STOP_MILLIS);
        }
    }

    private static boolean isWritable(Path file) {
        return Files.exists(file) ? Files.isWritable(file)
                : Files.isDirectory(file.getParent()) && Files.isWritable(file.getParent());
    }

    private Map<String, String> configuration(boolean interactive) throws LaunchException {
        Map<String, String> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.folder().resolve("framework").toString());
        configuration.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(CONFIGURING_LEVEL));
        // The storage folder is new and ours alone: nobody to lock out.
        configuration.put("felix.cache.locking", "false");
        // Threads of their own, and a walk over the stack for every class that is not found, only take time here.
        configuration.put("felix.resolver.parallelism", "1");
        configuration.put("felix.bootdelegation.implicit", "false");
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, logging());
        // What Felix would log comes as framework events, too, and report() says it in one line.
        configuration.put("felix.log.level", "0");
        configuration.put("felix.startlevel.bundle", Integer.toString(StartLevels.DEFAULT));
        configuration.put(HOME, home.toString());
        configuration.put(DEPLOY, deploy.toString());
        // Errors only: it warns of every event that is still on its way when the framework stops.
        configuration.put("org.apache.felix.eventadmin.LogLevel", "1");
        // Felix HTTP listens when a configuration says so, and not before.
        configuration.put("org.apache.felix.http.require.config", "true");
        configuration.putAll(watching(deploy, storage.folder().resolve("fileinstall")));
        if (!interactive) {
            // Reads configuration files once: nothing changes under a single command.
            configuration.put("felix.fileinstall.poll", Integer.toString(Integer.MAX_VALUE));
        }
        // The interactive shell reads etc/gosh_profile there, which begins a loop of our own.
        configuration.put("gosh.home", home.toString());
        configuration.put("gosh.args", "--nointeractive --noshutdown");
        return configuration;
    }

    /**
     * The packages of SLF4J, which come from the class path: as bundles they would need SPI-Fly, and that takes as long to start as
     * twenty others.
     */
    private static String logging() throws LaunchException {
        try {
            String version = Class.forName("org.slf4j.Logger").getPackage().getImplementationVersion();
            return Stream.of("org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi")
                    .map(name -> name + ";version=" + version).collect(Collectors.joining(","));
        } catch (ClassNotFoundException e) {
            throw new LaunchException("bundles/ lacks SLF4J, which stands on the launcher's class path; get the whole folder again");
        }
    }

    /** The properties by which FileInstall watches a folder. */
    static Map<String, String> watching(Path folder, Path temporary) {
        return Map.of("felix.fileinstall.dir", folder.toString(),
                "felix.fileinstall.filter", WATCHED,
                "felix.fileinstall.tmpdir", temporary.toString(),
                "felix.fileinstall.noInitialDelay", "true",
                // It would write what it has read, and leave an empty file where the process ends meanwhile.
                "felix.fileinstall.enableConfigSave", "false",
                // Events of the file system stop for good when the folder is removed; its list does not.
                "felix.fileinstall.disableNio2", "true",
                // It would pack a folder into a jar, and models are folders.
                "felix.fileinstall.subdir.mode", "skip");
    }

    /** Returns whether a folder holds configuration files; a folder that does not exist holds none. */
    static boolean holdsConfiguration(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> CONFIGURATION.matcher(file.getFileName().toString()).matches());
        }
    }

    private StartLevels levels() throws IOException {
        StartLevels levels = StartLevels.read(home.resolve("etc/start-levels.properties"));
        return holdsConfiguration(deploy) ? levels.with(FILE_INSTALL, CONFIGURING_LEVEL) : levels;
    }

    @SuppressWarnings("unchecked") // the entry property is the promise that the argument is a String[]
    private ToIntFunction<String[]> entry() throws LaunchException {
        try {
            for (ServiceReference<?> reference : framework.getBundleContext()
                    .getServiceReferences(ToIntFunction.class, "(" + ENTRY + "=*)")) {
                if (framework.getBundleContext().getService(reference) instanceof ToIntFunction<?> service) {
                    return (ToIntFunction<String[]>) service;
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        throw new LaunchException("no bundle that takes commands is running");
    }

    private void report(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            String message = String.valueOf(event.getThrowable().getMessage());
            // Felix appends every alternative it tried; the first reason is the one that helps.
            int alternatives = message.indexOf(" Unresolved requirements:");
            complain("bundle " + event.getBundle().getSymbolicName() + " does not start: "
                    + (alternatives < 0 ? message : message.substring(0, alternatives)));
        }
    }

    /**
     * Runs when the JVM ends, for whatever reason. Where a signal ends it, the framework is not stopped: a command may
     * be saving its work at this moment, and needs its services for that.
     */
    private void removeStorage() {
        try {
            storage.remove();
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            // The framework was about to start when a signal came, and still writes there. The next process removes the rest.
            return;
        } catch (IOException | UncheckedIOException e) {
            complain("cannot remove the temporary folder " + storage.folder() + ": " + e.getMessage());
        }
    }

    private static void complain(String what) {
        System.err.println("intarsia: " + what);
    }
}
