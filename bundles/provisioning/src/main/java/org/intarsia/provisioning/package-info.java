/**
 * How bundles come, change and go; what that means says {@code org.intarsia.provisioning.api}.
 *
 * <p>Begin with {@link org.intarsia.provisioning.Installer}, the service. A {@link org.intarsia.provisioning.Candidate} is a
 * jar that was read and found to be a bundle; {@link org.intarsia.provisioning.DeployFolder} receives and keeps files;
 * {@link org.intarsia.provisioning.Installed} is the running framework; {@link org.intarsia.provisioning.MissingRequirements} says what a
 * candidate lacks; {@link org.intarsia.provisioning.Resolution} finds in repositories what it needs.
 *
 * <p>The resolver is the one of the framework itself, a service of OSGi, so that what it finds is what the framework will
 * accept. Indexes are read by Felix's utilities (a few classes, packed into this bundle), because bnd's reader and Felix's
 * bundle repository would each bring a library larger than the rest of the platform's own code, and a second resolver. Both
 * are loaded only when a bundle is to be resolved.
 */
package org.intarsia.provisioning;
