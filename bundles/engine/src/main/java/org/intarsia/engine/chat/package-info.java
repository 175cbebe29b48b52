/** Conversations as the text that a model reads. Begin with {@link org.intarsia.engine.chat.ChatRenderer}, a service. */
@Export
@Version("1.0.0")
package org.intarsia.engine.chat;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
