/**
 * Training as a service: {@link org.intarsia.training.api.Training} trains a model from a recipe,
 * {@link org.intarsia.training.api.TrainingListener} hears how it goes.
 */
@Export
@Version("1.0.0")
package org.intarsia.training.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
