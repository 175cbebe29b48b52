/**
 * The tests of the suite as data: what each asks of a device, and what came of it.
 * <p>
 * Begin with {@link org.intarsia.backend.testkit.suite.Case}, a graph with values whose results lie within a
 * {@link org.intarsia.backend.testkit.suite.Tolerance} of those of the float64 interpreter. A
 * {@link org.intarsia.backend.testkit.suite.DeviceCheck} is a promise of the backend API beside computing. Running either
 * gives an {@link org.intarsia.backend.testkit.suite.Outcome}. {@code org.intarsia.backend.testkit.Conformance} lists and
 * runs them all.
 */
@Export
@Version("1.0.0")
package org.intarsia.backend.testkit.suite;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
