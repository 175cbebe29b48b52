/**
 * Public clients of OpenAI's API, unchanged, against the server of the box: each makes a picture, edits one where it can, streams
 * text, and meets an error. {@link org.intarsia.distro.clients.Served} starts the server.
 */
package org.intarsia.distro.clients;
