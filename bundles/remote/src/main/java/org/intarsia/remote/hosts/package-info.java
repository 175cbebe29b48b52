/**
 * Knows the other hosts, and lets them know this one: begin with {@link org.intarsia.remote.hosts.HostRegistry}, which keeps a
 * {@link org.intarsia.remote.hosts.KnownHost} for each address and asks it again and again whether it is there.
 * {@link org.intarsia.remote.hosts.HostListener} listens for them, {@link org.intarsia.remote.hosts.LocalHost} is what they
 * reach. Nothing listens or connects before somebody asks for it.
 */
package org.intarsia.remote.hosts;
