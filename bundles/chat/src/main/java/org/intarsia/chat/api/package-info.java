/** Conversations as the text that a model reads. Begin with {@link org.intarsia.chat.api.ChatRenderer}, a service. */
@Export
@Version("1.0.0")
package org.intarsia.chat.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
