/**
 * What every compute backend must do, as data: runs against any installed backend.
 *
 * <p>Begin with {@link org.intarsia.backend.testkit.Conformance}: it lists the
 * {@link org.intarsia.backend.testkit.suite.Case}s, each a graph with values that is compared with the float64 interpreter,
 * and the {@link org.intarsia.backend.testkit.suite.DeviceCheck}s, each a promise of the backend API. A backend's own tests
 * take all of them at once from {@link org.intarsia.backend.testkit.ConformanceTests}; nothing else here needs JUnit.
 *
 * <p>The cases are written in {@code org.intarsia.backend.testkit.cases}, which says how to cover a new op.
 */
@Export
@Version("1.0.0")
package org.intarsia.backend.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
