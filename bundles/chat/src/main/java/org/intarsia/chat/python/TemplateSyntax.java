package org.intarsia.chat.python;

/** Says what is wrong with the text of a template. */
public final class TemplateSyntax extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TemplateSyntax(String message) {
        super(message);
    }
}
