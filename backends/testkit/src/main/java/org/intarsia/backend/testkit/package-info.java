/**
 * What every compute backend must do, as data: runs against any installed backend.
 *
 * <p>Begin with {@link org.intarsia.backend.testkit.Conformance}: it lists the
 * {@link org.intarsia.backend.testkit.Case}s, each a graph with values that is compared with the float64 interpreter,
 * and the {@link org.intarsia.backend.testkit.DeviceCheck}s, each a promise of the backend API. A backend's own tests
 * take all of them at once from {@link org.intarsia.backend.testkit.ConformanceTests}; nothing else here needs JUnit.
 *
 * <p>To cover a new op, write one line for each shape into the {@code …Cases} file of its group; its gradient is tested
 * along with it.
 */
@Export
@Version("1.0.0")
package org.intarsia.backend.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
