/** The command {@code serve}: begin with {@link org.intarsia.http.command.Serve}. */
package org.intarsia.http.command;
