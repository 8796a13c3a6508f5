using SkiaSharp;
using SourceNet.Training;

namespace SourceNet.Data;

/// <summary>Decodes image files with Skia: JPEG, PNG, WebP, BMP, GIF (its first picture).</summary>
internal static class ImageFile
{
    private static readonly string[] s_endings = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>Whether a file's name says that it is an image.</summary>
    internal static bool IsImage(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at the header alone.</summary>
    /// <exception cref="InvalidDataException">It is none of an image.</exception>
    internal static void CheckHeader(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var codec = SKCodec.Create(stream, out var result);
        if (codec is null)
        {
            // Skia has closed the stream.
            throw NoImage(path, result, new FileInfo(path).Length);
        }
    }

    /// <summary>The image as it is to be seen: turned as its EXIF orientation says, over a background where it is transparent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="background">What is seen through transparent pixels.</param>
    /// <returns>Bytes <c>[C, H, W]</c>, and their shape.</returns>
    /// <exception cref="InvalidDataException">No image, a damaged one, or one that is too large for the memory of an array.</exception>
    internal static unsafe (byte[] Image, ImageShape Shape) Decode(string path, int channels, byte background)
    {
        var bytes = File.ReadAllBytes(path);
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data) ?? throw NoImage(path, SKCodecResult.InvalidInput, bytes.Length);
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (4L * width * height > Array.MaxLength)
        {
            throw new InvalidDataException($"{path}: expected an image of at most {Array.MaxLength / 4} pixels, found {width} x {height}");
        }

        var pixels = new byte[4 * width * height];
        fixed (byte* memory = pixels)
        {
            // Premultiplied: each color is what is seen of it over black.
            var result = codec.GetPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul), (nint)memory);
            if (result != SKCodecResult.Success)
            {
                throw new InvalidDataException($"{path}: expected a whole image of {width} x {height}, found a damaged one ({result})");
            }
        }

        return Planes(pixels, width, height, codec.EncodedOrigin, channels, background);
    }

    private static InvalidDataException NoImage(string path, SKCodecResult result, long length) =>
        new($"{path}: expected an image that can be decoded (JPEG, PNG, WebP, BMP, GIF), found {length} bytes that are none ({result})");

    /// <summary>From pixels of red, green, blue and alpha to planes.</summary>
    private static (byte[] Image, ImageShape Shape) Planes(byte[] pixels, int width, int height, SKEncodedOrigin origin, int channels, byte background)
    {
        var isLying = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var shape = isLying ? new ImageShape(channels, width, height) : new ImageShape(channels, height, width);
        var image = new byte[shape.Count];
        for (var y = 0; y < shape.Height; y++)
        {
            for (var x = 0; x < shape.Width; x++)
            {
                var (column, row) = Source(origin, x, y, width, height);
                var from = 4 * ((row * width) + column);
                var behind = background * (255 - pixels[from + 3]);
                var (red, green, blue) = (Over(pixels[from], behind), Over(pixels[from + 1], behind), Over(pixels[from + 2], behind));
                var to = (y * shape.Width) + x;
                if (channels == 1)
                {
                    image[to] = (byte)(((299 * red) + (587 * green) + (114 * blue) + 500) / 1000);
                    continue;
                }

                (image[to], image[to + shape.Pixels], image[to + (2 * shape.Pixels)]) = ((byte)red, (byte)green, (byte)blue);
            }
        }

        return (image, shape);
    }

    private static int Over(int color, int behind) => Math.Min(255, color + ((behind + 127) / 255));

    /// <summary>Where a pixel of the upright image is stored (EXIF 2.3, tag 0x0112).</summary>
    private static (int X, int Y) Source(SKEncodedOrigin origin, int x, int y, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => (width - 1 - x, y),
        SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
        SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
        SKEncodedOrigin.LeftTop => (y, x),
        SKEncodedOrigin.RightTop => (y, height - 1 - x),
        SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
        SKEncodedOrigin.LeftBottom => (width - 1 - y, x),
        _ => (x, y),
    };
}
