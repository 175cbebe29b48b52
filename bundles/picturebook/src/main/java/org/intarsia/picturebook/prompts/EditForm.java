package org.intarsia.picturebook.prompts;

/** The forms of an {@link org.intarsia.picturebook.meaning.Edit}. */
public enum EditForm {
    RECOLOUR("recolour"), ADD("add"), REMOVE("remove"), REPLACE("replace"), MOVE("move"), BACKGROUND("background");

    private final String title;

    EditForm(String title) {
        this.title = title;
    }

    /** The name of the form in a score table. */
    public String title() {
        return title;
    }
}
