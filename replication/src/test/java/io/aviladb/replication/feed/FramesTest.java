package io.aviladb.replication.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.MalformedBytesException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FramesTest {
    private final FrameEncoder encoder = new FrameEncoder();
    private final FrameDecoder decoder = new FrameDecoder();

    @AfterEach
    void close() {
        encoder.close();
        decoder.close();
    }

    private static byte[] player(Random random) {
        return ("{\"id\":\"p" + random.nextInt(1_000_000) + "\",\"userId\":\"u" + random.nextInt(1_000_000) + "\",\"level\":"
                + random.nextInt(100)
                + ",\"wins\":" + random.nextInt(1_000) + ",\"country\":\"" + List.of("BR", "AR", "CL", "MX").get(random.nextInt(4))
                + "\",\"title\":\"" + List.of("Scout", "Ranger", "Captain").get(random.nextInt(3)) + "\",\"active\":true,\"clan\":null}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void framesOfAnySizeComeBackInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int n = 0; n < 300; n++) {
            byte[] plain = new byte[switch (random.nextInt(5)) {
                case 0 -> random.nextInt(64);
                case 1, 2 -> 64 + random.nextInt(2_000);
                case 3 -> random.nextInt(70_000);
                default -> n % 40 == 0 ? 1 << 20 : 100;
            }];
            if (random.nextBoolean()) {
                random.nextBytes(plain); // doesn't pack
            } else {
                byte[] text = player(random);
                for (int i = 0; i < plain.length; i++) {
                    plain[i] = text[i % text.length];
                }
            }
            assertThat(decoder.decode(encoder.encode(plain))).as("seed %d, frame %d", seed, n).isEqualTo(plain);
        }
    }

    @Test
    void aSingleDocumentPacksAgainstTheFramesBeforeIt() {
        Random random = new Random(7);
        int plain = 0;
        int packed = 0;
        for (int n = 0; n < 200; n++) {
            byte[] document = player(random);
            byte[] frame = encoder.encode(document);
            if (n >= 20) {
                plain += document.length;
                packed += frame.length;
            }
            assertThat(decoder.decode(frame)).isEqualTo(document);
        }
        assertThat(packed).isLessThan(plain * 4 / 10);
    }

    @Test
    void afterDamageNothingComesOutThatDidNotGoIn() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int refusals = 0;
        for (int round = 0; round < 500; round++) {
            try (FrameEncoder source = new FrameEncoder(); FrameDecoder target = new FrameDecoder()) {
                for (int n = 0; n < 4; n++) {
                    byte[] plain = player(random);
                    byte[] frame = source.encode(plain);
                    if (n == 1 && round % 2 == 0) {
                        frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
                    } else if (n == 1) {
                        frame = Arrays.copyOf(frame, frame.length - 1 - random.nextInt(20));
                    }
                    assertThat(target.decode(frame)).as("seed %d, round %d, frame %d", seed, round, n).isEqualTo(plain);
                }
            } catch (MalformedBytesException refused) {
                refusals++;
            }
        }
        assertThat(refusals).as("a bit of padding may not matter").isGreaterThan(400);
    }

    @Test
    void rubbishIsRefusedWhateverItIs() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] rubbish = new byte[random.nextInt(200)];
            random.nextBytes(rubbish);
            if (rubbish.length > 0) {
                rubbish[0] = (byte) random.nextInt(3);
            }
            try (FrameDecoder target = new FrameDecoder()) {
                byte[] plain = target.decode(rubbish);
                assertThat(plain.length).as("seed %d", seed).isLessThan(64 << 20);
            } catch (MalformedBytesException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void aFrameThatUnpacksToMoreThanItSaysIsRefused() {
        byte[] frame = encoder.encode(new byte[100_000]);
        byte[] liar = frame.clone();
        // The length is a varint of three bytes: say one byte less.
        liar[1] ^= 1;
        assertThatThrownBy(() -> decoder.decode(liar)).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void nothingIsPackedAfterTheEnd() {
        encoder.close();
        encoder.close();
        assertThatThrownBy(() -> encoder.encode(new byte[100])).isInstanceOf(IllegalStateException.class);
    }
}
