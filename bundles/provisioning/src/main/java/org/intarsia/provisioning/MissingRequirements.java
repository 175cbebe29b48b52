package org.intarsia.provisioning;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.utils.resource.RequirementImpl;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/** What candidates need, held against what is installed and what comes with them. */
final class MissingRequirements {
    private final List<Resource> there;

    /**
     * @param bundles what is installed
     * @param coming  what will be installed together, in place of installed bundles of the same names
     */
    MissingRequirements(Bundle[] bundles, Collection<Candidate> coming) {
        List<String> replaced = coming.stream().map(Candidate::name).toList();
        there = Stream.concat(
                Arrays.stream(bundles).filter(bundle -> !replaced.contains(bundle.getSymbolicName()))
                        .map(bundle -> (Resource) bundle.adapt(BundleRevision.class)),
                coming.stream().map(Candidate::resource)).toList();
    }

    /**
     * Why a bundle cannot be resolved with what is there; nothing where it can.
     *
     * @param called its name and version
     */
    Optional<String> missing(String called, Resource bundle) {
        return otherVersion(called, bundle).or(() -> unmet(bundle)
                .map(requirement -> called + " needs " + RequirementText.of(requirement)
                        + ", which no installed bundle has; install that first, or use --resolve")
                .findFirst());
    }

    /**
     * Which package a bundle needs in a version that the platform does not have; nothing where there is none.
     *
     * @param called its name and version
     */
    Optional<String> otherVersion(String called, Resource bundle) {
        return unmet(bundle).filter(requirement -> !versions(requirement).isEmpty())
                .map(requirement -> String.format(Locale.ROOT,
                        "%s needs %s %s and this platform has %s: take a version of it that was built for that",
                        called, RequirementText.name(requirement).orElseThrow(),
                                RequirementText.least(requirement).orElse("in another kind"), versions(requirement)))
                .findFirst();
    }

    /** The installed capabilities that meet a requirement. */
    List<Capability> providers(Requirement requirement) {
        RequirementImpl wanted = new RequirementImpl(null, requirement);
        return capabilities(requirement.getNamespace()).filter(wanted::matches).collect(Collectors.toList());
    }

    /** Whether a bundle cannot be resolved without it. */
    static boolean isMandatory(Requirement requirement) {
        String resolution = requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        return (resolution == null || resolution.equals(Namespace.RESOLUTION_MANDATORY)) && isStatic(requirement);
    }

    /** Whether it counts when bundles are resolved, and not only while they run. */
    static boolean isStatic(Requirement requirement) {
        String effective = requirement.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
        return effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE);
    }

    private Stream<Requirement> unmet(Resource bundle) {
        return bundle.getRequirements(null).stream()
                .filter(MissingRequirements::isMandatory)
                .filter(requirement -> providers(requirement).isEmpty());
    }

    /** In which versions a package is there, though not in the required ones. */
    private String versions(Requirement requirement) {
        if (!requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)) {
            return "";
        }
        String name = RequirementText.name(requirement).orElse("");
        return capabilities(PackageNamespace.PACKAGE_NAMESPACE)
                .filter(capability -> name.equals(capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)))
                .map(capability -> capability.getAttributes().get(Constants.VERSION_ATTRIBUTE).toString())
                .distinct().sorted().collect(Collectors.joining(" and "));
    }

    private Stream<Capability> capabilities(String namespace) {
        return there.stream().flatMap(resource -> resource.getCapabilities(namespace).stream());
    }
}
