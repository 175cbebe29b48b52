package org.intarsia.http.openai.parts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.intarsia.engine.api.Answer;
import org.intarsia.model.api.Image;

/**
 * Tokens that a request took. The special tokens around texts and pictures count as text.
 *
 * @param inputText   tokens of text that were handed in
 * @param inputImage  tokens of pictures that were handed in
 * @param outputText  tokens of text that were made
 * @param outputImage tokens of pictures that were made
 */
public record Usage(int inputText, int inputImage, int outputText, int outputImage) {

    /**
     * Counts the tokens of answers.
     *
     * @param prompts how many prompts the answers belong to; answers to the same prompt follow each other, and it counts once
     * @param codes   how many tokens a picture takes
     */
    public static Usage of(List<Answer> answers, int prompts, int codes) {
        int inputText = 0;
        int inputImage = 0;
        for (int i = 0; i < answers.size(); i += answers.size() / prompts) {
            inputImage += answers.get(i).promptImageTokens();
            inputText += answers.get(i).prompt().size() - answers.get(i).promptImageTokens();
        }
        int output = answers.stream().mapToInt(answer -> answer.ids().size()).sum();
        int pictures = codes * (int) answers.stream().flatMap(answer -> answer.parts().stream()).filter(Image.class::isInstance).count();
        return new Usage(inputText, inputImage, output - pictures, pictures);
    }

    private int input() {
        return inputText + inputImage;
    }

    private int output() {
        return outputText + outputImage;
    }

    /** As completions and chat completions have it. */
    public ObjectNode ofCompletion() {
        ObjectNode usage = JsonNodeFactory.instance.objectNode().put("prompt_tokens", input()).put("completion_tokens", output())
                .put("total_tokens", input() + output());
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("text_tokens", inputText).put("image_tokens", inputImage);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0).put("text_tokens", outputText)
                .put("image_tokens", outputImage);
        return usage;
    }

    /** As pictures have it. */
    public ObjectNode ofPictures() {
        ObjectNode usage = total();
        usage.putObject("input_tokens_details").put("text_tokens", inputText).put("image_tokens", inputImage);
        usage.putObject("output_tokens_details").put("text_tokens", outputText).put("image_tokens", outputImage);
        return usage;
    }

    /** As responses have it. */
    public ObjectNode ofResponse() {
        ObjectNode usage = total();
        usage.putObject("input_tokens_details").put("cached_tokens", 0).put("text_tokens", inputText).put("image_tokens", inputImage);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0).put("text_tokens", outputText)
                .put("image_tokens", outputImage);
        return usage;
    }

    private ObjectNode total() {
        return JsonNodeFactory.instance.objectNode().put("input_tokens", input()).put("output_tokens", output())
                .put("total_tokens", input() + output());
    }
}
