/**
 * Joins OSGi Remote Service Admin where it is installed: begin with
 * {@link org.intarsia.remote.distribution.GrpcDistributionProvider}, by which Apache Aries RSA exports and imports
 * {@link org.intarsia.remote.api.Host} services. {@link org.intarsia.remote.distribution.StaticDiscovery} tells its topology
 * manager of the hosts in the configuration. Without Remote Service Admin no class here is loaded.
 */
package org.intarsia.remote.distribution;
