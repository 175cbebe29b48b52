package org.intarsia.picturebook.samples;

import java.util.Optional;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.world.Scene;

/**
 * One exercise: words, with or without a picture to look at, and what should come of them.
 *
 * @param text    the sentence, the question, the instruction, or the request for a description
 * @param source  the picture to look at; empty for {@link Task#IMAGINE}
 * @param picture the picture to make; present for {@link Task#IMAGINE} and {@link Task#EDIT}
 * @param answer  the words to answer; present for {@link Task#DESCRIBE} and {@link Task#ANSWER}
 */
public record Sample(Task task, Language language, String text, Optional<Scene> source, Optional<Scene> picture,
                     Optional<String> answer) {
}
