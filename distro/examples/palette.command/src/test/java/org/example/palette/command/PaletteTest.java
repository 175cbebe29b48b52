package org.example.palette.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.UsageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaletteTest {
    @TempDir
    Path folder;

    @BeforeEach
    void paint() throws Exception {
        BufferedImage picture = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        int[] colours = {0x102030, 0x102030, 0x102030, 0xffffff};
        picture.setRGB(0, 0, 2, 2, colours, 0, 2);
        ImageIO.write(picture, "png", folder.resolve("small.png").toFile());
    }

    private String call(String... words) throws Exception {
        Console console = new Console(InputStream.nullInputStream(), System.out, System.err);
        return new Palette().call(List.of(words), folder, console).toString();
    }

    @Test
    void tellsTheCommonestColours() throws Exception {
        assertEquals("#102030  75.0 %\n#ffffff  25.0 %", call("small.png"));
        assertEquals("#102030  75.0 %", call("small.png", "--count", "1"));
        assertEquals("#ffffff  25.0 %\n#102030  75.0 %", call("small.png", "--order", "bright"));
    }

    @Test
    void explainsItselfAndAnswersPrograms() throws Exception {
        assertTrue(call("--help").startsWith("palette FILE [OPTION]…\n  tells the commonest colours of a picture\n"));
        assertEquals("[{\"colour\":\"#102030\",\"percent\":75.0}]", call("small.png", "--count", "1", "--json"));
    }

    @Test
    void refusesWrongCallsInOneSentence() throws Exception {
        assertEquals("palette: --order is common or bright, not 'brigth'; did you mean bright?",
                assertThrows(UsageException.class, () -> call("small.png", "--order", "brigth")).getMessage());
        Files.writeString(folder.resolve("text.png"), "no picture");
        assertTrue(assertThrows(Exception.class, () -> call("text.png")).getMessage().endsWith("convert it to PNG"));
    }
}
