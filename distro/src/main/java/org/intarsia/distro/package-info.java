/**
 * The launcher: boots an OSGi framework out of a folder of bundles and hands it one command.
 * <p>
 * Begin with {@link org.intarsia.distro.Launcher}. Nothing here knows a model, a backend or a command: which bundles
 * there are says {@code distro/pom.xml}, when they start says {@code etc/start-levels.properties}, and what the
 * arguments mean says the bundle that registers the entry service.
 */
package org.intarsia.distro;
