package org.intarsia.provisioning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.intarsia.provisioning.api.ProvisioningException;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.resource.Resource;

/**
 * A jar that was read and found to be a bundle.
 *
 * @param jar      the file
 * @param name     its symbolic name
 * @param version  its version
 * @param resource what its manifest provides and requires
 * @param stamp    which file this was read from
 */
record Candidate(Path jar, String name, Version version, Resource resource, Stamp stamp) {
    private static final long LARGE_BYTES = 32L << 20;

    /**
     * Tells a file from the one that lay in its place before.
     *
     * @param bytes its size
     * @param time  when it was last modified
     */
    record Stamp(long bytes, FileTime time) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.size(), attributes.lastModifiedTime());
        }
    }

    /**
     * Reads a jar.
     *
     * @param jar    the file
     * @param called what the user knows it by
     * @throws ProvisioningException where it is no bundle, or not a whole one
     */
    static Candidate read(Path jar, String called) {
        Map<String, String> headers = new HashMap<>();
        Stamp stamp;
        try {
            // Taken first: a file that is replaced from now on will be seen as another.
            stamp = Stamp.of(jar);
        } catch (IOException e) {
            throw new ProvisioningException(called + " cannot be read: " + Reason.of(e), e);
        }
        // The list of a jar's entries stands at its end, so one that was cut off does not open.
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            if (manifest != null) {
                manifest.getMainAttributes().forEach((key, value) -> headers.put(key.toString(), value.toString()));
            }
        } catch (IOException e) {
            throw new ProvisioningException(called + " is not a whole jar: " + Reason.of(e), e);
        }
        if (!headers.containsKey(Constants.BUNDLE_SYMBOLICNAME)) {
            throw new ProvisioningException(called + " is not a bundle: its manifest has no Bundle-SymbolicName");
        }
        try {
            // The builder mends what the framework refuses.
            Version.parseVersion(headers.get(Constants.BUNDLE_VERSION));
            Resource resource = ResourceBuilder.build(jar.toUri().toString(), headers);
            Map<String, Object> identity = resource.getCapabilities(IdentityNamespace.IDENTITY_NAMESPACE).getFirst().getAttributes();
            return new Candidate(jar, (String) identity.get(IdentityNamespace.IDENTITY_NAMESPACE),
                    (Version) identity.get(IdentityNamespace.CAPABILITY_VERSION_ATTRIBUTE), resource, stamp);
        } catch (BundleException | IllegalArgumentException e) {
            throw new ProvisioningException(called + " has a manifest that OSGi does not allow: " + e.getMessage(), e);
        }
    }

    /** Returns the bundle of that name in the file; nothing where it holds another, or cannot be read. */
    static Optional<Candidate> find(Path jar, String symbolicName) {
        try {
            return Optional.of(read(jar, "it")).filter(candidate -> candidate.name().equals(symbolicName));
        } catch (ProvisioningException e) {
            return Optional.empty();
        }
    }

    /** Returns whether the file holds a bundle and can be read to its end. */
    static boolean isWhole(Path jar) {
        try {
            read(jar, "it");
            return true;
        } catch (ProvisioningException e) {
            return false;
        }
    }

    /** Returns whether the file holds a bundle, and one of another name. */
    static boolean holdsAnother(Path jar, String symbolicName) {
        try {
            return !read(jar, "it").name().equals(symbolicName);
        } catch (ProvisioningException e) {
            return false;
        }
    }

    /** Whether the file is too large to be copied at every start. */
    boolean isLarge() {
        return stamp.bytes() > LARGE_BYTES;
    }

    /** The same bundle after its file has moved. */
    Candidate at(Path place) {
        return new Candidate(place, name, version, resource, stamp);
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
