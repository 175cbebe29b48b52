package org.intarsia.provisioning;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.intarsia.provisioning.api.Change;
import org.intarsia.provisioning.api.Change.What;
import org.intarsia.provisioning.api.Provisioning;
import org.intarsia.provisioning.api.ProvisioningException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.resolver.Resolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service. It starts before the bundles of the box are resolved and takes in what lies in the deploy folder; one
 * change at a time is made from then on, whether it comes from a command or from the folder.
 */
@Component(service = {Provisioning.class, Installer.class}, immediate = true)
public final class Installer implements Provisioning {
    /** Property: the folder that holds {@code bundles/} and the index of them. */
    private static final String HOME = "intarsia.home";
    /** Property: the deploy folder. */
    private static final String DEPLOY = "intarsia.deploy";
    private static final String INDEX = "index.xml";

    private final BundleContext context;
    private final Resolver resolver;
    private final Installed installed;
    private final DeployFolder folder;
    /** The platform's home; empty in a container that was not started by the launcher. */
    private final Optional<Path> home;
    /** The files of the deploy folder that are in force. */
    private final Map<Path, Deployed> deployed = new HashMap<>();
    /** The versions of the box's bundles whose place others have taken. */
    private final Map<String, Version> covered = new HashMap<>();

    /** Why files of the deploy folder were left out, so that each is told once: FileInstall reports what the start has seen. */
    private final Map<Path, String> leftOut = new HashMap<>();

    /** What a file of the deploy folder held when it came into force. */
    private record Deployed(String name, Version version, Candidate.Stamp stamp) {
        static Deployed of(Candidate candidate) {
            return new Deployed(candidate.name(), candidate.version(), candidate.stamp());
        }
    }

    /** Loaded with the first sentence, since a start without any need not wait for the logger. */
    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(Installer.class);
    }

    /** Takes in the deploy folder. */
    @Activate
    public Installer(BundleContext context, @Reference Resolver resolver) {
        this.context = context;
        this.resolver = resolver;
        this.installed = new Installed(context);
        this.home = folder(HOME);
        this.folder = new DeployFolder(folder(DEPLOY).or(this::dataArea).orElseThrow(() -> new IllegalStateException(
                "there is no folder for bundles: this container keeps no files for bundles; set " + DEPLOY + " to a folder")));
        takeIn();
    }

    @Override
    public SortedSet<String> names() {
        return installed.names();
    }

    @Override
    public List<Change> install(List<URI> sources) {
        try (Parts parts = new Parts()) {
            Map<String, Candidate> candidates = new LinkedHashMap<>();
            for (URI source : sources) {
                Candidate candidate = parts.candidate(source);
                candidates.put(candidate.name(), candidate);
            }
            return putChecked(candidates.values());
        }
    }

    @Override
    public List<Change> resolve(List<String> names, List<URI> sources, List<URI> repositories) {
        try (Parts parts = new Parts()) {
            Resolution resolution = new Resolution(resolver, installed.bundles(),
                    repositories.isEmpty() ? List.of(ownRepository()) : repositories);
            List<Change> changes = new ArrayList<>();
            Map<Resource, Candidate> received = new LinkedHashMap<>();
            for (URI source : sources) {
                Candidate candidate = parts.candidate(source);
                received.put(candidate.resource(), candidate);
            }
            List<Resource> wanted = new ArrayList<>(received.keySet());
            for (String name : names) {
                Resource resource = resolution.named(name);
                installed.named(name).filter(bundle -> bundle.getVersion().equals(Resolution.version(resource)))
                        .ifPresentOrElse(bundle -> changes.add(unchanged(bundle)), () -> wanted.add(resource));
            }
            if (!wanted.isEmpty()) {
                List<Candidate> candidates = new ArrayList<>();
                for (Resource resource : resolution.resolve(wanted)) {
                    candidates.add(received.containsKey(resource) ? received.get(resource) : parts.content(resource));
                }
                changes.addAll(putChecked(candidates));
            }
            return changes;
        }
    }

    @Override
    public Change update(String name, Optional<URI> source) {
        Bundle bundle = installed.bundle(name);
        URI from = source.or(() -> ownFile(bundle).map(Path::toUri)).orElseThrow(() -> new ProvisioningException(
                bundle.getSymbolicName() + " has no file of its own; say which jar takes its place"));
        try (Parts parts = new Parts()) {
            Candidate candidate = source.isPresent() ? parts.candidate(from)
                    : Candidate.read(Path.of(from), DeployFolder.called(from));
            if (!candidate.name().equals(bundle.getSymbolicName())) {
                throw new ProvisioningException(DeployFolder.called(from) + " holds the bundle " + candidate.name() + ", not "
                        + bundle.getSymbolicName() + "; `install` would add it");
            }
            return putChecked(List.of(candidate)).getFirst();
        }
    }

    @Override
    public synchronized Change uninstall(String name) {
        Optional<Bundle> present = installed.find(name);
        String symbolicName = present.map(Bundle::getSymbolicName).orElse(name);
        List<Path> files = filesOf(symbolicName);
        if (present.isEmpty() && files.isEmpty()) {
            throw Installed.unknown(name);
        }
        present.ifPresent(this::spare);
        Set<String> askers = present.map(this::askers).orElse(Set.of());
        if (!askers.isEmpty() && files.isEmpty()) {
            refuse(symbolicName + " must stay: " + String.join(", ", askers) + " needs it, and no command could bring it back");
        }
        files.forEach(folder::remove);
        files.forEach(deployed::remove);
        if (present.isEmpty() || !askers.isEmpty()) {
            // Either no bundle of the framework, since it was left out, or one that runs on to the end of this process.
            return new Change(What.UNINSTALLED, symbolicName, "", "", present.isPresent(), true, List.copyOf(askers), List.of(),
                    List.of(), List.of());
        }
        return remove(present.get(), !files.isEmpty());
    }

    @Override
    public synchronized Change start(String name) {
        Bundle bundle = installed.bundle(name);
        if (Installed.runs(bundle)) {
            return unchanged(bundle);
        }
        new MissingRequirements(installed.bundles(), List.of())
                .missing(bundle.getSymbolicName() + " " + bundle.getVersion(), bundle.adapt(BundleRevision.class))
                .ifPresent(Installer::refuse);
        Report report = new Report(installed);
        report.settle(List.of(), List.of(bundle));
        return report.change(What.STARTED, bundle, "", lasts(bundle), Set.of());
    }

    @Override
    public synchronized Change stop(String name) {
        Bundle bundle = installed.bundle(name);
        if (!Installed.runs(bundle)) {
            return unchanged(bundle);
        }
        spare(bundle);
        Set<String> users = Installed.usersOfServices(bundle);
        Report report = new Report(installed);
        try {
            bundle.stop();
        } catch (BundleException e) {
            throw new ProvisioningException(bundle.getSymbolicName() + " does not stop: " + e.getMessage(), e);
        }
        return report.change(What.STOPPED, bundle, "", false, users);
    }

    /** Returns whether a file lies in the deploy folder. */
    boolean owns(Path file) {
        return folder.own(file).isPresent();
    }

    /** A jar has come into the deploy folder, or has changed there; logs what is wrong with it. */
    synchronized void arrived(Path file) {
        folder.own(file).ifPresent(jar -> {
            if (!Files.exists(jar)) {
                // A command has removed it since FileInstall saw it.
                left(jar);
                return;
            }
            try {
                Candidate candidate = Candidate.read(jar, "it");
                Deployed before = deployed.get(jar);
                if (Deployed.of(candidate).equals(before)) {
                    return;
                }
                if (before != null && !before.name().equals(candidate.name())) {
                    bring(before.name(), folder.newestFirst(before.name()));
                }
                if (!bring(candidate.name(), folder.newestFirst(candidate.name()))) {
                    fileInForce(candidate.name())
                            .filter(other -> !other.equals(jar))
                            .filter(other -> deployed.get(other).version().compareTo(candidate.version()) >= 0)
                            .ifPresent(other -> leaveOut(candidate, other));
                }
            } catch (ProvisioningException e) {
                leaveOut(jar, e.getMessage());
            }
        });
    }

    /** A jar has left the deploy folder; a bundle that the shell is wired to runs on to the end of this process. */
    synchronized void left(Path file) {
        folder.own(file).ifPresent(jar -> {
            leftOut.remove(jar);
            Optional.ofNullable(deployed.get(jar)).ifPresent(gone -> bring(gone.name(), folder.newestFirst(gone.name())));
        });
    }

    /** What lies in the deploy folder at the start; who brings a package comes before those who need it. */
    private synchronized void takeIn() {
        folder.sweep();
        Map<String, List<Candidate>> candidates = new LinkedHashMap<>();
        for (Path jar : folder.jars()) {
            try {
                Candidate candidate = Candidate.read(jar, "it");
                candidates.computeIfAbsent(candidate.name(), name -> new ArrayList<>()).add(candidate);
            } catch (ProvisioningException e) {
                leaveOut(jar, e.getMessage());
            }
        }
        removeGone(candidates.keySet());
        if (!candidates.isEmpty()) {
            candidates.values().forEach(versions -> versions.sort(DeployFolder.NEWEST_FIRST));
            MissingRequirements alone = new MissingRequirements(installed.bundles(), List.of());
            candidates.values().stream()
                    .sorted(Comparator.comparing(versions ->
                            alone.missing(versions.getFirst().name(), versions.getFirst().resource()).isPresent()))
                    .forEach(versions -> {
                        recognize(versions.getFirst());
                        bring(versions.getFirst().name(), versions);
                    });
        }
    }

    /** Uninstalls bundles that a container has kept from its last run, and whose files have left the folder since. */
    private void removeGone(Set<String> present) {
        Arrays.stream(installed.bundles())
                .filter(bundle -> isDeployed(bundle) && !present.contains(bundle.getSymbolicName()))
                .forEach(bundle -> remove(bundle, true).problems().forEach(Installer::complain));
    }

    /** A container that keeps bundles from run to run has the bundle already, unless its file was changed since. */
    private void recognize(Candidate candidate) {
        installed.named(candidate.name())
                .filter(bundle -> isDeployed(bundle) && bundle.getVersion().equals(candidate.version())
                        && bundle.getLastModified() >= candidate.stamp().time().toMillis())
                .ifPresent(bundle -> deployed.put(candidate.jar(), Deployed.of(candidate)));
    }

    /**
     * Brings the framework to what the deploy folder holds of one bundle: the newest version that the platform can take, or
     * none. While the file in force cannot be read, since it is being written, nothing changes; where it is refused, the bundle
     * that came from it stays.
     *
     * @param versions what the folder holds of it, newest first
     * @return whether another version or file came into force
     */
    private boolean bring(String name, List<Candidate> versions) {
        Optional<Path> inForce = fileInForce(name);
        if (inForce.filter(jar -> Files.isRegularFile(jar) && !Candidate.isWhole(jar)).isPresent()) {
            return false;
        }
        for (Candidate candidate : versions) {
            if (Deployed.of(candidate).equals(deployed.get(candidate.jar()))) {
                return false;
            }
            try {
                take(candidate);
                versions.subList(versions.indexOf(candidate) + 1, versions.size())
                        .forEach(older -> leaveOut(older, candidate.jar()));
                return true;
            } catch (ProvisioningException e) {
                leaveOut(candidate.jar(), e.getMessage());
            }
        }
        inForce.filter(jar -> !Files.isRegularFile(jar) || Candidate.holdsAnother(jar, name)).ifPresent(jar -> {
            deployed.remove(jar);
            try {
                installed.named(name).filter(bundle -> askers(bundle).isEmpty())
                        .ifPresent(bundle -> remove(bundle, true).problems().forEach(Installer::complain));
            } catch (ProvisioningException e) {
                complain(e.getMessage());
            }
        });
        return false;
    }

    private void take(Candidate candidate) {
        requireCurrent(candidate);
        new MissingRequirements(installed.bundles(), List.of(candidate)).otherVersion(candidate.toString(), candidate.resource())
                .ifPresent(Installer::refuse);
        put(List.of(candidate)).getFirst().problems().forEach(Installer::complain);
    }

    private Optional<Path> fileInForce(String name) {
        return deployed.entrySet().stream().filter(entry -> entry.getValue().name().equals(name)).map(Map.Entry::getKey)
                .findFirst();
    }

    private Optional<Path> folder(String property) {
        return Optional.ofNullable(context.getProperty(property)).map(path -> Path.of(path).toAbsolutePath().normalize());
    }

    /** The bundle's data area, for a container that names no deploy folder. */
    private Optional<Path> dataArea() {
        return Optional.ofNullable(context.getDataFile("deploy")).map(File::toPath);
    }

    private URI ownRepository() {
        return home.orElseThrow(() -> new ProvisioningException("no repository is named, and this platform has none of its own; "
                + "name one with --repository")).resolve(INDEX).toUri();
    }

    private synchronized List<Change> putChecked(Collection<Candidate> candidates) {
        MissingRequirements needs = new MissingRequirements(installed.bundles(), candidates);
        for (Candidate candidate : candidates) {
            requireCurrent(candidate);
            requireNewest(candidate);
            needs.missing(candidate.toString(), candidate.resource()).ifPresent(Installer::refuse);
        }
        return put(candidates);
    }

    /** Puts candidates to their places and into the framework, and starts them. */
    private List<Change> put(Collection<Candidate> candidates) {
        Report report = new Report(installed);
        List<Change> changes = new ArrayList<>();
        Map<Bundle, String> replaced = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            Path place = place(candidate);
            boolean lasting = folder.contains(place);
            Optional<Bundle> present = installed.named(candidate.name());
            present.ifPresent(this::requireOthersThan);
            if (present.isPresent() && !askers(present.get()).isEmpty()) {
                changes.add(keep(candidate, place, present.get()));
                continue;
            }
            Optional<Version> before = present.map(Bundle::getVersion);
            boolean ofTheBox = present.isPresent() && !isDeployed(present.get());
            Bundle bundle = into(candidate, place, present.isEmpty() && (candidate.isLarge() || !lasting));
            if (lasting) {
                before.filter(version -> ofTheBox).ifPresent(version -> covered.putIfAbsent(candidate.name(), version));
                inForce(place, candidate);
            }
            replaced.put(bundle, before.map(Version::toString).orElse(""));
        }
        report.settle(replaced.keySet(), replaced.keySet());
        replaced.forEach((bundle, before) -> changes.add(report.change(before.isEmpty() ? What.INSTALLED : What.UPDATED, bundle,
                before, lasts(bundle), Set.of())));
        return changes;
    }

    /** For the next start: to change it now would pull the classes from under the command that asks. */
    private Change keep(Candidate candidate, Path place, Bundle present) {
        Set<String> askers = askers(present);
        if (!folder.contains(place)) {
            throw new ProvisioningException(present.getSymbolicName() + " cannot be read again while "
                    + String.join(", ", askers) + ", which asks for it, uses it; the next start reads it");
        }
        if (!place.equals(candidate.jar())) {
            folder.keep(candidate.jar(), place);
        }
        inForce(place, candidate);
        return new Change(What.KEPT, candidate.name(), candidate.version().toString(), present.getVersion().toString(),
                Installed.runs(present), true, List.copyOf(askers), List.of(), List.of(), List.of());
    }

    private void inForce(Path place, Candidate candidate) {
        deployed.values().removeIf(file -> file.name().equals(candidate.name()));
        leftOut.remove(place);
        deployed.put(place, Deployed.of(candidate));
    }

    /** Refuses to replace what this bundle itself is wired to: it would be stopped in the middle of that. */
    private void requireOthersThan(Bundle replaced) {
        Bundle self = context.getBundle();
        if (installed.closure(List.of(replaced)).contains(self)) {
            refuse(replaced.getSymbolicName() + " cannot be replaced by " + self.getSymbolicName()
                    + ", which uses it itself; replace its file in the folder of the platform's bundles");
        }
    }

    /** Who uses this service and would have to be stopped if the bundle were changed. */
    private Set<String> askers(Bundle bundle) {
        Set<String> askers = Installed.usersOfServices(context.getBundle());
        askers.retainAll(installed.closure(List.of(bundle)).stream().map(Bundle::getSymbolicName).toList());
        return askers;
    }

    /** Into the framework and, if it was received, to its place: what the framework refuses never gets there. */
    private Bundle into(Candidate candidate, Path place, boolean readInPlace) {
        boolean received = !place.equals(candidate.jar());
        if (!readInPlace) {
            Bundle bundle = installed.put(candidate, place);
            if (received) {
                folder.keep(candidate.jar(), place);
            }
            return bundle;
        }
        if (received) {
            folder.keep(candidate.jar(), place);
        }
        try {
            return installed.putInPlace(candidate.at(place));
        } catch (ProvisioningException e) {
            if (received) {
                folder.remove(place);
            }
            throw e;
        }
    }

    /** Where the candidate will lie: what was received goes to the file that holds its bundle, or to a new one. */
    private Path place(Candidate candidate) {
        return folder.isPart(candidate.jar())
                ? fileInForce(candidate.name()).orElseGet(() -> folder.place(candidate.name())) : candidate.jar();
    }

    private Change remove(Bundle bundle, boolean deployedBefore) {
        Set<String> users = Installed.users(bundle);
        Report report = new Report(installed);
        String before = bundle.getVersion().toString();
        boolean returns = deployedBefore && !isDeployed(bundle);
        try {
            if (returns) {
                covered.remove(bundle.getSymbolicName());
                bundle.update();
            } else {
                bundle.uninstall();
            }
        } catch (BundleException e) {
            throw new ProvisioningException(bundle.getSymbolicName() + " cannot be removed: " + e.getMessage(), e);
        }
        report.settle(List.of(bundle), List.of());
        return returns ? report.change(What.REVERTED, bundle, before, true, users)
                : report.change(What.UNINSTALLED, bundle, "", deployedBefore, users);
    }

    /** A version that is lower than the box's would not be taken at the next start either. */
    private void requireCurrent(Candidate candidate) {
        Version box = covered.getOrDefault(candidate.name(), installed.named(candidate.name())
                .filter(bundle -> !isDeployed(bundle)).map(Bundle::getVersion).orElse(Version.emptyVersion));
        if (candidate.version().compareTo(box) < 0 && !isInBox(candidate.jar())) {
            throw new ProvisioningException(candidate + " is older than the " + box + " that the platform brings");
        }
    }

    /**
     * Refuses a version that the next start would not take, since another file of the deploy folder holds a newer one. Files
     * newer than the one in force do not count: they were refused.
     */
    private void requireNewest(Candidate candidate) {
        Path place = place(candidate);
        Optional<Version> inForce = fileInForce(candidate.name()).map(file -> deployed.get(file).version());
        folder.newestFirst(candidate.name()).stream()
                .filter(other -> !other.jar().equals(place) && other.version().compareTo(candidate.version()) > 0)
                .filter(other -> inForce.isPresent() && other.version().compareTo(inForce.get()) <= 0)
                .findFirst()
                .ifPresent(other -> refuse(candidate + " is older than the " + other.version() + " in " + other.jar()
                        + "; remove that file first"));
    }

    /** Without these nobody could be installed any more. */
    private void spare(Bundle bundle) {
        if (bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID || bundle.equals(context.getBundle())) {
            throw new ProvisioningException(bundle.getSymbolicName()
                    + " must stay: without it nothing could be installed or started any more; `exit` ends the platform");
        }
    }

    private Change unchanged(Bundle bundle) {
        return new Report(installed).change(What.UNCHANGED, bundle, "", true, Set.of());
    }

    private boolean isDeployed(Bundle bundle) {
        return Installed.file(bundle).filter(folder::contains).isPresent();
    }

    /** Whether the next start finds and starts it, too. */
    private boolean lasts(Bundle bundle) {
        return isDeployed(bundle) || Installed.file(bundle).filter(this::isInBox).isPresent()
                || deployed.values().stream().anyMatch(file -> file.name().equals(bundle.getSymbolicName()));
    }

    private boolean isInBox(Path jar) {
        return home.isPresent() && jar.toAbsolutePath().normalize().startsWith(home.get().resolve("bundles"));
    }

    private Optional<Path> ownFile(Bundle bundle) {
        return fileInForce(bundle.getSymbolicName()).or(() -> Installed.file(bundle));
    }

    /** The files of the deploy folder that hold this bundle, in force or left out. */
    private List<Path> filesOf(String symbolicName) {
        return folder.newestFirst(symbolicName).stream().map(Candidate::jar).toList();
    }

    private void leaveOut(Candidate older, Path newer) {
        leaveOut(older.jar(), newer + " holds " + older.name() + " " + deployed.get(newer).version());
    }

    private void leaveOut(Path jar, String reason) {
        if (!reason.equals(leftOut.put(jar, reason))) {
            complain(jar + " is left out: " + reason);
        }
    }

    private static void refuse(String sentence) {
        throw new ProvisioningException(sentence);
    }

    /** Nobody waits for an answer here. */
    private static void complain(String what) {
        Log.LOGGER.warn("{}", what);
    }

    /** The files that one call receives; those that have not found their places are removed with it. */
    private final class Parts implements AutoCloseable {
        private final List<Path> received = new ArrayList<>();

        Candidate candidate(URI source) {
            String called = DeployFolder.called(source);
            if ("file".equals(source.getScheme())) {
                Path file = Path.of(source);
                if (isInBox(file) || folder.contains(file)) {
                    return Candidate.read(file, called);
                }
            }
            Path part = folder.receive(source);
            received.add(part);
            return Candidate.read(part, called);
        }

        /** What a repository promises, if it keeps the promise. */
        Candidate content(Resource resource) {
            Resolution.Content content = Resolution.content(resource);
            Candidate candidate = candidate(content.url());
            if (!content.sha256().equalsIgnoreCase(DeployFolder.sha256(candidate.jar()))) {
                throw new ProvisioningException(DeployFolder.called(content.url())
                        + " is not the file that the repository describes: its SHA-256 differs");
            }
            return candidate;
        }

        @Override
        public void close() {
            received.forEach(folder::remove);
        }
    }
}
