/** The commands about hosts: begin with {@link org.intarsia.remote.command.Hosts}, which lists them. */
package org.intarsia.remote.command;
