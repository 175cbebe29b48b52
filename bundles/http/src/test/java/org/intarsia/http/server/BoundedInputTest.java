package org.intarsia.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import org.intarsia.http.HttpException;
import org.intarsia.http.Limits;
import org.junit.jupiter.api.Test;

/** Bodies within the memory that all of them have together. */
class BoundedInputTest {
    private final BodyMemory memory = new BodyMemory(100);

    @Test
    void aBodyThatFindsNoRoomIsToldToComeAgainAndFindsItAfterwards() throws IOException {
        BoundedInput first = body();
        assertThat(first.readNBytes(80)).hasSize(80);
        BoundedInput second = body();
        assertThatThrownBy(() -> second.readNBytes(21)).isInstanceOfSatisfying(HttpException.class, e -> {
            assertThat(e.status()).isEqualTo(503);
            assertThat(e.retryAfter()).isPresent();
        });
        second.release();
        first.release();
        first.release();
        assertThat(body().readNBytes(100)).hasSize(100);
        assertThatThrownBy(() -> body().read()).isInstanceOf(HttpException.class);
    }

    private BoundedInput body() {
        return new BoundedInput(new ServletInputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public boolean isFinished() {
                return false;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new UnsupportedOperationException();
            }
        }, new Limits(1000), Duration.ofSeconds(10), memory);
    }
}
