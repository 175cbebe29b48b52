/** A command of the shell, in one class: {@link org.example.palette.command.Palette}. */
package org.example.palette.command;
