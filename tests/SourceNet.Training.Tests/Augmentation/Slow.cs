namespace SourceNet.Training.Tests.Augmentations;

/// <summary>Geometry and policies once more, pixel by pixel in double precision, from the descriptions of torchvision's functions.</summary>
internal static class Slow
{
    /// <summary>Moves a point of the image, in pixels from its center, to where it is seen.</summary>
    internal delegate (double X, double Y) Motion(double x, double y);

    /// <summary>Angles clockwise, as they look on a screen whose y points down.</summary>
    internal static Motion Affine(double angle, (double X, double Y) move, double scale, (double X, double Y) shear)
    {
        // torchvision: M = T · C · RotateScaleShear(angle, scale, shear) · C⁻¹, with RSS = rotation · shear along y · shear along x.
        var (turn, shearX, shearY) = (angle * Math.PI / 180, shear.X * Math.PI / 180, shear.Y * Math.PI / 180);
        return (x, y) =>
        {
            x -= Math.Tan(shearX) * y;
            y -= Math.Tan(shearY) * x;
            (x, y) = ((Math.Cos(turn) * x) - (Math.Sin(turn) * y), (Math.Sin(turn) * x) + (Math.Cos(turn) * y));
            return ((scale * x) + move.X, (scale * y) + move.Y);
        };
    }

    /// <summary>The image after a motion, found by solving for the point that lands on each pixel; not rounded.</summary>
    internal static double[] Move(byte[] image, ImageShape shape, Motion motion, (double X, double Y) center, ImageInterpolation interpolation, byte fill)
    {
        var output = new double[image.Length];
        // A motion is affine: three points tell all of it.
        var (o, u, v) = (motion(0, 0), motion(1, 0), motion(0, 1));
        var (a, b, c, d) = (u.X - o.X, v.X - o.X, u.Y - o.Y, v.Y - o.Y);
        var determinant = (a * d) - (b * c);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = 0; y < shape.Height; y++)
            {
                for (var x = 0; x < shape.Width; x++)
                {
                    var (wantedX, wantedY) = (x - center.X - o.X, y - center.Y - o.Y);
                    var sourceX = (((d * wantedX) - (b * wantedY)) / determinant) + center.X;
                    var sourceY = (((a * wantedY) - (c * wantedX)) / determinant) + center.Y;
                    output[At(shape, channel, y, x)] = interpolation == ImageInterpolation.Nearest
                        ? Pixel(channel, (int)Math.Floor(sourceY + 0.5), (int)Math.Floor(sourceX + 0.5))
                        : Blend(channel, sourceY, sourceX);
                }
            }
        }

        return output;

        byte Pixel(int channel, int y, int x) => x >= 0 && x < shape.Width && y >= 0 && y < shape.Height ? image[At(shape, channel, y, x)] : fill;

        double Blend(int channel, double y, double x)
        {
            var sum = 0.0;
            for (var row = (int)Math.Floor(y) - 1; row <= Math.Floor(y) + 2; row++)
            {
                for (var column = (int)Math.Floor(x) - 1; column <= Math.Floor(x) + 2; column++)
                {
                    sum += Math.Max(0, 1 - Math.Abs(y - row)) * Math.Max(0, 1 - Math.Abs(x - column)) * Pixel(channel, row, column);
                }
            }

            return sum;
        }
    }

    /// <summary>A part of an image in another size: each new pixel is the mean of all old ones under a pyramid, in one sum over both axes; not
    /// rounded.</summary>
    internal static double[] Resize(byte[] image, ImageShape shape, Box part, ImageShape size, ImageInterpolation interpolation)
    {
        var output = new double[size.Count];
        var (stepY, stepX) = ((double)part.Height / size.Height, (double)part.Width / size.Width);
        for (var channel = 0; channel < size.Channels; channel++)
        {
            for (var y = 0; y < size.Height; y++)
            {
                for (var x = 0; x < size.Width; x++)
                {
                    var (centerY, centerX) = ((y + 0.5) * stepY, (x + 0.5) * stepX);
                    if (interpolation == ImageInterpolation.Nearest)
                    {
                        output[At(size, channel, y, x)] = image[At(shape, channel, part.Top + (int)centerY, part.Left + (int)centerX)];
                        continue;
                    }

                    var (sum, weights) = (0.0, 0.0);
                    for (var row = 0; row < part.Height; row++)
                    {
                        for (var column = 0; column < part.Width; column++)
                        {
                            var weight = Math.Max(0, 1 - (Math.Abs(row + 0.5 - centerY) / Math.Max(1, stepY)))
                                * Math.Max(0, 1 - (Math.Abs(column + 0.5 - centerX) / Math.Max(1, stepX)));
                            sum += weight * image[At(shape, channel, part.Top + row, part.Left + column)];
                            weights += weight;
                        }
                    }

                    output[At(size, channel, y, x)] = sum / weights;
                }
            }
        }

        return output;
    }

    /// <summary>One change of a policy; moved and turned images are not rounded.</summary>
    internal static double[] Change(byte[] image, ImageShape shape, PolicyStep step, ImageInterpolation interpolation, byte fill)
    {
        var m = step.Magnitude;
        var corner = (-0.5, -0.5);
        return step.Operation switch
        {
            PolicyOperation.Identity => EachPixel((c, y, x) => Value(c, y, x)),
            // A shear of atan(m) degrees moves x by −m · y from the upper left corner on.
            PolicyOperation.ShearX => Move(image, shape, (x, y) => (x - (m * y), y), corner, interpolation, fill),
            PolicyOperation.ShearY => Move(image, shape, (x, y) => (x, y - (m * x)), corner, interpolation, fill),
            PolicyOperation.TranslateX => Move(image, shape, (x, y) => (x + (int)m, y), corner, interpolation, fill),
            PolicyOperation.TranslateY => Move(image, shape, (x, y) => (x, y + (int)m), corner, interpolation, fill),
            PolicyOperation.Rotate =>
                Move(image, shape, Affine(-m, default, 1, default), ((shape.Width - 1) / 2.0, (shape.Height - 1) / 2.0), interpolation, fill),
            PolicyOperation.Brightness => EachPixel((c, y, x) => (1 + m) * Value(c, y, x)),
            PolicyOperation.Color => EachPixel((c, y, x) => shape.Channels == 1 ? Value(c, y, x) : ((1 + m) * Value(c, y, x)) + ((1 - (1 + m)) * Gray(y, x))),
            PolicyOperation.Contrast => Contrast(),
            PolicyOperation.Sharpness => EachPixel(Sharpen),
            PolicyOperation.Posterize => EachPixel((c, y, x) => Math.Floor(Value(c, y, x) / Math.Pow(2, 8 - m)) * Math.Pow(2, 8 - m)),
            PolicyOperation.Solarize => EachPixel((c, y, x) => Value(c, y, x) >= 255 * m ? 255 - Value(c, y, x) : Value(c, y, x)),
            PolicyOperation.AutoContrast => EachPixel(Stretch),
            PolicyOperation.Equalize => EachPixel(Equalize),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };

        int Value(int channel, int y, int x) => image[At(shape, channel, y, x)];

        double Gray(int y, int x) =>
            shape.Channels == 1 ? Value(0, y, x) : Math.Floor(((299.0 * Value(0, y, x)) + (587.0 * Value(1, y, x)) + (114.0 * Value(2, y, x))) / 1000);

        IEnumerable<int> Plane(int channel) => image.Skip(channel * shape.Pixels).Take(shape.Pixels).Select(value => (int)value);

        double[] EachPixel(Func<int, int, int, double> of)
        {
            var output = new double[image.Length];
            for (var channel = 0; channel < shape.Channels; channel++)
            {
                for (var y = 0; y < shape.Height; y++)
                {
                    for (var x = 0; x < shape.Width; x++)
                    {
                        output[At(shape, channel, y, x)] = Math.Clamp(Math.Truncate(of(channel, y, x)), 0, 255);
                    }
                }
            }

            return output;
        }

        double[] Contrast()
        {
            var mean = Enumerable.Range(0, shape.Height).SelectMany(y => Enumerable.Range(0, shape.Width).Select(x => Gray(y, x))).Average();
            return EachPixel((c, y, x) => ((1 + m) * Value(c, y, x)) + ((1 - (1 + m)) * mean));
        }

        double Sharpen(int channel, int y, int x)
        {
            if (y == 0 || x == 0 || y == shape.Height - 1 || x == shape.Width - 1)
            {
                return Value(channel, y, x);
            }

            var sum = 0.0;
            for (var row = -1; row <= 1; row++)
            {
                for (var column = -1; column <= 1; column++)
                {
                    sum += (row == 0 && column == 0 ? 5.0 : 1.0) * Value(channel, y + row, x + column);
                }
            }

            var smooth = Math.Round(sum / 13);
            return Value(channel, y, x) + ((1 - (1 + m)) * (smooth - Value(channel, y, x)));
        }

        double Stretch(int channel, int y, int x)
        {
            var (least, greatest) = (Plane(channel).Min(), Plane(channel).Max());
            return least == greatest ? Value(channel, y, x) : (Value(channel, y, x) - least) * 255.0 / (greatest - least);
        }

        double Equalize(int channel, int y, int x)
        {
            // ImageOps.equalize of PIL.
            var plane = Plane(channel).ToList();
            var greatest = plane.Max();
            var step = plane.Count(value => value < greatest) / 255;
            return step == 0 ? Value(channel, y, x) : Math.Min(255, (plane.Count(value => value < Value(channel, y, x)) + (step / 2)) / step);
        }
    }

    /// <summary>Rounded, a half upwards.</summary>
    internal static byte[] Bytes(double[] values) => [.. values.Select(value => (byte)Math.Floor(value + 0.5))];

    internal static byte[] Mirror(byte[] image, ImageShape shape) => [.. image.Chunk(shape.Width).SelectMany(row => row.Reverse())];

    private static int At(ImageShape shape, int channel, int y, int x) => (((channel * shape.Height) + y) * shape.Width) + x;
}
