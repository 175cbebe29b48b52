package org.intarsia.http.openai.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.http.openai.parts.PictureInput;
import org.intarsia.model.api.Image;
import org.junit.jupiter.api.Test;

class MaskTest {
    @Test
    void aTransparentPixelMarksItsCell() {
        byte[] alpha = new byte[64 * 64];
        Arrays.fill(alpha, (byte) 255);
        alpha[40] = 0;
        Image mask = new Image(64, 64, new byte[3 * 64 * 64], alpha);
        PictureInput picture = PictureInput.of("image", PictureFiles.png(StandIn.picture(9), Optional.empty()));
        assertThat(new Mask(Optional.of(mask), new BitSet()).redraw(new StandIn(), picture).cells().toString()).isEqualTo("{1}");
    }
}
