using SkiaSharp;

namespace SourceNet.Data.Tests;

/// <summary>Small image files.</summary>
internal static class Pictures
{
    internal static byte[] Encode(int width, int height, Func<int, int, SKColor> color, SKEncodedImageFormat format = SKEncodedImageFormat.Png,
        bool isGray = false)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, isGray ? SKColorType.Gray8 : SKColorType.Rgba8888,
            isGray ? SKAlphaType.Opaque : SKAlphaType.Unpremul));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, color(x, y));
            }
        }

        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    internal static byte[] Plain(SKColor color, int width = 4, int height = 4) => Encode(width, height, (_, _) => color);

    /// <summary>A JPEG file with an orientation in an EXIF segment.</summary>
    internal static byte[] Oriented(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif"u8, 0, 0,
            .. "II"u8, 42, 0, 8, 0, 0, 0,                                   // TIFF, little-endian, the first directory at 8
            1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0,       // one entry: tag 0x0112, one short
            0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
