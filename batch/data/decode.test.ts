import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { imported, png, solid } from './testing/imported.ts';

describe('decoding', () => {
  it('reads PNG, JPEG, WebP, GIF, TIFF and AVIF', async () => {
    const set = await imported({
      'a.png': await png('#c81e3c'),
      'b.jpg': await solid('#c81e3c').jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
      'c.webp': await solid('#c81e3c').webp({ lossless: true }).toBuffer(),
      'd.gif': await solid('#c81e3c').gif().toBuffer(),
      'e.tif': await solid('#c81e3c').tiff({ compression: 'none' }).toBuffer(),
      'f.avif': await solid('#c81e3c').avif({ lossless: true }).toBuffer(),
    });
    expect(set.reported).toEqual([]);
    expect(set.manifest).toMatchObject({ images: 6, channels: 3, source: { kind: 'images' } });
    for (let n = 0; n < 6; n++) {
      for (const [channel, value] of [200, 30, 60].entries()) {
        expect(Math.abs((set.firstPixel(n)[channel] ?? 0) - value)).toBeLessThanOrEqual(4);
      }
    }
  });

  it('knows an image by its bytes, not by its name', async () => {
    const set = await imported({ 'really.txt': await png('#fff'), 'photo.png': Buffer.from('I am a text.') });
    expect(set.manifest.images).toBe(1);
    expect(set.reported).toEqual([{ name: 'photo.png', reason: 'It is no PNG, JPEG, WebP, GIF, TIFF or AVIF image.' }]);
  });

  it('makes a set of one channel where every image is grey, whatever its file says', async () => {
    const grey = await imported({
      'a.png': await png('#808080'),
      'b.png': await solid('#0a0a0a').greyscale().toColourspace('b-w').png().toBuffer(),
      'c.jpg': await solid('#c8c8c8').jpeg().toBuffer(),
    });
    expect(grey.manifest.channels).toBe(1);
    expect([0, 1, 2].map(grey.firstPixel)).toEqual([[128], [10], [200]]);
    const mixed = await imported({ 'a.png': await png('#808080'), 'b.png': await png('#808081') });
    expect(mixed.manifest.channels).toBe(3);
    expect(mixed.firstPixel(0)).toEqual([128, 128, 128]);
  });

  it('lays alpha on white', async () => {
    const clear = { width: 8, height: 8, channels: 4 as const, background: { r: 0, g: 0, b: 0, alpha: 0 } };
    const half = { ...clear, background: { r: 255, g: 0, b: 0, alpha: 0.5 } };
    const set = await imported({
      'clear.png': await sharp({ create: clear }).png().toBuffer(),
      'half.webp': await sharp({ create: half }).webp({ lossless: true }).toBuffer(),
    });
    expect(set.firstPixel(0)).toEqual([255, 255, 255]);
    const [red, green, blue] = set.firstPixel(1);
    expect(red).toBe(255);
    expect(green).toBe(blue);
    expect(Math.abs((green ?? 0) - 127)).toBeLessThanOrEqual(2);
  });

  it('brings 16 bits down to 8, grey and coloured', async () => {
    const deep = Uint16Array.from({ length: 64 }, () => 0x8080);
    const grey = sharp(deep, { raw: { width: 8, height: 8, channels: 1 } }).toColourspace('grey16');
    const colour = sharp(
      Uint16Array.from({ length: 192 }, (_, i) => (i % 3 === 0 ? 0xffff : 0x4040)),
      {
        raw: { width: 8, height: 8, channels: 3 },
      },
    ).toColourspace('rgb16');
    const files = { 'grey.png': await grey.png().toBuffer(), 'rgb.png': await colour.png().toBuffer() };
    expect((await sharp(files['grey.png']).metadata()).depth).toBe('ushort');
    expect((await sharp(files['rgb.png']).metadata()).depth).toBe('ushort');
    const set = await imported(files);
    expect([set.firstPixel(0), set.firstPixel(1)]).toEqual([
      [128, 128, 128],
      [255, 64, 64],
    ]);
  });

  it('turns CMYK into RGB', async () => {
    const cmyk = await solid('#ffffff').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    for (const value of (await imported({ 'a.jpg': cmyk })).firstPixel(0)) expect(value).toBeGreaterThan(245);
  });

  it('applies EXIF rotation before it crops', async () => {
    // Left half black, right half white; orientation 6 asks for a quarter turn clockwise: black comes to the top.
    const pixels = Buffer.from(Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 0 : 255)));
    const upright = sharp(pixels, { raw: { width: 8, height: 8, channels: 1 } });
    const set = await imported({ 'a.png': await upright.withMetadata({ orientation: 6 }).png().toBuffer() });
    expect(set.image(0)).toEqual(Array.from({ length: 64 }, (_, i) => (i < 32 ? 0 : 255)));
  });

  it('takes the centred square of odd sizes and makes it smaller by averaging', async () => {
    // A white square in the middle of a black strip; a chessboard whose cells are single pixels.
    const strip = solid('#000', 48, 16).composite([{ input: await png('#fff', 16, 16), left: 16, top: 0 }]);
    const chess = Buffer.from(Array.from({ length: 32 * 32 }, (_, i) => (((i % 32) + Math.floor(i / 32)) % 2) * 255));
    const set = await imported({
      'a.png': await strip.png().toBuffer(),
      'b.png': await sharp(chess, { raw: { width: 32, height: 32, channels: 1 } })
        .png()
        .toBuffer(),
      'c.png': await png('#fff', 1, 1),
      'd.png': await png('#fff', 3, 7),
    });
    expect(set.image(0).every((value) => value >= 230)).toBe(true);
    expect(set.image(1).every((value) => Math.abs(value - 127) <= 12)).toBe(true);
    expect(new Set([...set.image(2), ...set.image(3)])).toEqual(new Set([255]));
  });

  it('keeps every pixel of an image that has the size already', async () => {
    const noise = Buffer.from(Array.from({ length: 192 }, (_, i) => (i * 89) % 256));
    const set = await imported({
      'a.png': await sharp(noise, { raw: { width: 8, height: 8, channels: 3 } })
        .png()
        .toBuffer(),
    });
    expect(set.image(0)).toEqual([...noise]);
  });

  it('takes the first frame of an animation', async () => {
    const frames = [await png('#f00'), await png('#00f')];
    const gif = await sharp(frames, { join: { animated: true } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    const webp = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    const set = await imported({ 'a.gif': gif, 'b.webp': webp });
    expect([set.firstPixel(0), set.firstPixel(1)]).toEqual([
      [255, 0, 0],
      [255, 0, 0],
    ]);
  });
});
