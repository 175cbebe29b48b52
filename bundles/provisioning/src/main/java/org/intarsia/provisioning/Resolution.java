package org.intarsia.provisioning;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.apache.felix.utils.repository.BaseRepository;
import org.apache.felix.utils.repository.StaxParser;
import org.apache.felix.utils.resource.RequirementImpl;
import org.intarsia.provisioning.api.ProvisioningException;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.resource.Capability;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;
import org.osgi.resource.Wiring;
import org.osgi.service.repository.ContentNamespace;
import org.osgi.service.repository.Repository;
import org.osgi.service.resolver.HostedCapability;
import org.osgi.service.resolver.ResolutionException;
import org.osgi.service.resolver.ResolveContext;
import org.osgi.service.resolver.Resolver;

/** Finds in repositories what bundles need beside what is installed. */
final class Resolution {
    private final Resolver resolver;
    private final Bundle[] installed;
    private final MissingRequirements needs;
    private final List<Repository> repositories;
    private final Set<String> names = new HashSet<>();

    /**
     * @param resolver the framework's own
     * @param installed the bundles that stay
     * @param indexes   where the repositories' indexes are
     */
    Resolution(Resolver resolver, Bundle[] installed, List<URI> indexes) {
        this.resolver = resolver;
        this.installed = installed;
        this.needs = new MissingRequirements(installed, List.of());
        this.repositories = indexes.stream().map(Resolution::read).toList();
        Arrays.stream(installed).map(Bundle::getSymbolicName).forEach(names::add);
    }

    private static Repository read(URI index) {
        try (InputStream in = DeployFolder.open(index)) {
            return new BaseRepository(StaxParser.parse(index, in).resources);
        } catch (IOException e) {
            throw new ProvisioningException("the repository " + DeployFolder.called(index) + " cannot be read: " + Reason.of(e), e);
        } catch (XMLStreamException | IllegalArgumentException e) {
            throw new ProvisioningException("the repository " + DeployFolder.called(index)
                    + " is not an OSGi repository index (XML): " + e.getMessage(), e);
        }
    }

    /** The highest version of a bundle in the repositories. */
    Resource named(String symbolicName) {
        Requirement identity = new RequirementImpl(null, IdentityNamespace.IDENTITY_NAMESPACE,
                "(" + IdentityNamespace.IDENTITY_NAMESPACE + "=" + symbolicName + ")");
        return stocked(identity).map(Capability::getResource).findFirst()
                .orElseThrow(() -> new ProvisioningException("no repository has a bundle " + symbolicName));
    }

    /** The wanted bundles and those that must be installed with them; the wanted ones come last. */
    List<Resource> resolve(Collection<Resource> wanted) {
        try {
            Set<Resource> found = new LinkedHashSet<>(resolver.resolve(new Context(wanted)).keySet());
            found.removeIf(resource -> resource instanceof BundleRevision || wanted.contains(resource) || !isBundle(resource));
            found.addAll(wanted);
            return List.copyOf(found);
        } catch (ResolutionException e) {
            throw new ProvisioningException(wanted.stream().flatMap(resource -> lacking(resource, new HashSet<>()).stream())
                    .findFirst().orElseGet(() -> "what is needed does not fit together: " + firstReason(e)), e);
        }
    }

    /** Where the content of a resource is, and its SHA-256 in hexadecimal digits. */
    record Content(URI url, String sha256) {
    }

    static Content content(Resource resource) {
        Map<String, Object> content = resource.getCapabilities(ContentNamespace.CONTENT_NAMESPACE).getFirst().getAttributes();
        return new Content(URI.create((String) content.get(ContentNamespace.CAPABILITY_URL_ATTRIBUTE)),
                (String) content.get(ContentNamespace.CONTENT_NAMESPACE));
    }

    static String name(Resource resource) {
        return (String) identity(resource).get(IdentityNamespace.IDENTITY_NAMESPACE);
    }

    /** An index describes parts of multi-release jars, too, as resources that are no files. */
    private static boolean isBundle(Resource resource) {
        return IdentityNamespace.TYPE_BUNDLE.equals(identity(resource).get(IdentityNamespace.CAPABILITY_TYPE_ATTRIBUTE))
                || IdentityNamespace.TYPE_FRAGMENT.equals(identity(resource).get(IdentityNamespace.CAPABILITY_TYPE_ATTRIBUTE));
    }

    /** Which requirement ends the search, in one sentence: the resolver itself tells of every way that it has tried. */
    private Optional<String> lacking(Resource resource, Set<Resource> seen) {
        if (resource instanceof BundleRevision || !seen.add(resource)) {
            return Optional.empty();
        }
        for (Requirement requirement : resource.getRequirements(null)) {
            if (!MissingRequirements.isMandatory(requirement)) {
                continue;
            }
            List<Capability> providers = providers(requirement, Set.of(resource));
            if (providers.isEmpty()) {
                return Optional.of(name(resource) + " needs " + RequirementText.of(requirement)
                        + ", which no installed bundle or repository has");
            }
            Optional<String> deeper = lacking(providers.getFirst().getResource(), seen);
            if (deeper.isPresent()) {
                return deeper;
            }
        }
        return Optional.empty();
    }

    private static String firstReason(ResolutionException failure) {
        String message = String.valueOf(failure.getMessage());
        int more = message.indexOf(" [caused by:");
        return more < 0 ? message : message.substring(0, more);
    }

    /** Installed bundles first: what is there is not replaced for the sake of another. */
    private List<Capability> providers(Requirement requirement, Collection<Resource> wanted) {
        List<Capability> providers = new ArrayList<>(needs.providers(requirement));
        RequirementImpl matcher = new RequirementImpl(null, requirement);
        wanted.stream().flatMap(resource -> resource.getCapabilities(requirement.getNamespace()).stream())
                .filter(matcher::matches).forEach(providers::add);
        stocked(requirement).filter(capability -> !names.contains(name(capability.getResource())))
                .filter(capability -> !providers.contains(capability)).forEach(providers::add);
        return providers;
    }

    private Stream<Capability> stocked(Requirement requirement) {
        return repositories.stream()
                .flatMap(repository -> repository.findProviders(List.of(requirement)).get(requirement).stream())
                .sorted(Comparator.comparing((Capability capability) -> version(capability.getResource())).reversed());
    }

    static Version version(Resource resource) {
        return (Version) identity(resource).get(IdentityNamespace.CAPABILITY_VERSION_ATTRIBUTE);
    }

    private static Map<String, Object> identity(Resource resource) {
        return resource.getCapabilities(IdentityNamespace.IDENTITY_NAMESPACE).getFirst().getAttributes();
    }

    /** What the resolver asks. */
    private final class Context extends ResolveContext {
        private final Collection<Resource> wanted;

        Context(Collection<Resource> wanted) {
            this.wanted = wanted;
        }

        @Override
        public Collection<Resource> getMandatoryResources() {
            return wanted;
        }

        @Override
        public List<Capability> findProviders(Requirement requirement) {
            return providers(requirement, wanted);
        }

        @Override
        public int insertHostedCapability(List<Capability> capabilities, HostedCapability hosted) {
            capabilities.add(hosted);
            return capabilities.size() - 1;
        }

        /** What is needed only while bundles run is brought where it can be had; its lack is no reason to refuse. */
        @Override
        public boolean isEffective(Requirement requirement) {
            return MissingRequirements.isStatic(requirement) || !findProviders(requirement).isEmpty();
        }

        @Override
        public Map<Resource, Wiring> getWirings() {
            Map<Resource, Wiring> wirings = new HashMap<>();
            for (Bundle bundle : installed) {
                BundleWiring wiring = bundle.adapt(BundleWiring.class);
                if (wiring != null) {
                    wirings.put(wiring.getRevision(), wiring);
                }
            }
            return wirings;
        }
    }
}
