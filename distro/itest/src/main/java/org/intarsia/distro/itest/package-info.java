/**
 * Tests inside the framework: what comes and goes, and who notices. A test here is a JUnit class like any other; it
 * reaches the framework through {@link org.intarsia.distro.itest.Platform}, and leaves every bundle as it found it.
 */
package org.intarsia.distro.itest;
