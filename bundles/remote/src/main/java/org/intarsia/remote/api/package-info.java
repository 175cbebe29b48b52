/**
 * Describes another machine that runs Intarsia: begin with {@link org.intarsia.remote.api.Host}, the one interface that can be
 * reached over the network. {@link org.intarsia.remote.api.HostTopics} names the events about hosts.
 * <p>
 * Nothing of the transport is here: neither gRPC nor Remote Service Admin.
 */
@Export
@Version("1.0.0")
package org.intarsia.remote.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
