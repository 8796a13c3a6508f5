namespace SourceNet.Training;

/// <summary>
/// Where each pixel of a changed image comes from: <c>(XX·x + XY·y + X, YX·x + YY·y + Y)</c> in pixels, whose centers have whole numbers.
/// </summary>
internal readonly record struct AffineMap(double XX, double XY, double X, double YX, double YY, double Y)
{
    internal static AffineMap Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>
    /// The inverse of: shear and turn around a center, scale, then move. As torchvision's <c>_get_inverse_affine_matrix</c>: angles in degrees and clockwise.
    /// </summary>
    /// <param name="center">x and y of what stays in place.</param>
    /// <param name="angle">In degrees, clockwise.</param>
    /// <param name="move">By how many pixels to the right and down.</param>
    /// <param name="scale">Above 0; greater than 1 makes things larger.</param>
    /// <param name="shear">Degrees along x and y.</param>
    internal static AffineMap Inverse(
        (double X, double Y) center, double angle = 0, (double X, double Y) move = default, double scale = 1, (double X, double Y) shear = default)
    {
        var (turn, shearX, shearY) = (double.DegreesToRadians(angle), double.DegreesToRadians(shear.X), double.DegreesToRadians(shear.Y));
        var a = Math.Cos(turn - shearY) / Math.Cos(shearY);
        var b = (-a * Math.Tan(shearX)) - Math.Sin(turn);
        var c = Math.Sin(turn - shearY) / Math.Cos(shearY);
        var d = (-c * Math.Tan(shearX)) + Math.Cos(turn);
        var (xx, xy, yx, yy) = (d / scale, -b / scale, -c / scale, a / scale);
        var (x, y) = (center.X + move.X, center.Y + move.Y);
        return new(xx, xy, center.X - (xx * x) - (xy * y), yx, yy, center.Y - (yx * x) - (yy * y));
    }

    /// <summary>The center of an image.</summary>
    internal static (double X, double Y) Center(ImageShape shape) => ((shape.Width - 1) / 2.0, (shape.Height - 1) / 2.0);

    /// <summary>The map of a change that is followed by another one.</summary>
    internal AffineMap Then(AffineMap later) => new(
        (XX * later.XX) + (XY * later.YX),
        (XX * later.XY) + (XY * later.YY),
        (XX * later.X) + (XY * later.Y) + X,
        (YX * later.XX) + (YY * later.YX),
        (YX * later.XY) + (YY * later.YY),
        (YX * later.X) + (YY * later.Y) + Y);

    /// <summary>Makes the changed image, of the same shape.</summary>
    /// <param name="image"><c>[C, H, W]</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="output">Receives the changed image; not the same memory.</param>
    /// <param name="interpolation">What its pixels are made of.</param>
    /// <param name="fill">What lies outside of the image.</param>
    internal void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, ImageInterpolation interpolation, byte fill)
    {
        for (var y = 0; y < shape.Height; y++)
        {
            if (interpolation == ImageInterpolation.Nearest)
            {
                NearestRow(image, shape, output, y, fill);
            }
            else
            {
                BilinearRow(image, shape, output, y, fill);
            }
        }
    }

    private void NearestRow(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, int y, byte fill)
    {
        var (startX, startY) = ((XY * y) + X, (YY * y) + Y);
        for (var x = 0; x < shape.Width; x++)
        {
            var (column, row) = (Math.Floor((XX * x) + startX + 0.5), Math.Floor((YX * x) + startY + 0.5));
            var isInside = column >= 0 && column < shape.Width && row >= 0 && row < shape.Height;
            var from = isInside ? ((int)row * shape.Width) + (int)column : 0;
            for (var (channel, to) = (0, (y * shape.Width) + x); channel < shape.Channels; channel++, from += shape.Pixels, to += shape.Pixels)
            {
                output[to] = isInside ? image[from] : fill;
            }
        }
    }

    private void BilinearRow(ReadOnlySpan<byte> image, ImageShape shape, Span<byte> output, int y, byte fill)
    {
        var (startX, startY) = ((XY * y) + X, (YY * y) + Y);
        for (var x = 0; x < shape.Width; x++)
        {
            var (sourceX, sourceY) = ((XX * x) + startX, (YX * x) + startY);
            var (floorX, floorY) = (Math.Floor(sourceX), Math.Floor(sourceY));
            var to = (y * shape.Width) + x;
            if (!(floorX >= -1 && floorX < shape.Width && floorY >= -1 && floorY < shape.Height))
            {
                for (var channel = 0; channel < shape.Channels; channel++, to += shape.Pixels)
                {
                    output[to] = fill;
                }

                continue;
            }

            var (column, row) = ((int)floorX, (int)floorY);
            var (right, below) = ((float)(sourceX - floorX), (float)(sourceY - floorY));
            var (hasLeft, hasRight, hasTop, hasBottom) = (column >= 0, column + 1 < shape.Width, row >= 0, row + 1 < shape.Height);
            var from = (row * shape.Width) + column;
            for (var channel = 0; channel < shape.Channels; channel++, from += shape.Pixels, to += shape.Pixels)
            {
                float topLeft = hasTop && hasLeft ? image[from] : fill;
                float topRight = hasTop && hasRight ? image[from + 1] : fill;
                float bottomLeft = hasBottom && hasLeft ? image[from + shape.Width] : fill;
                float bottomRight = hasBottom && hasRight ? image[from + shape.Width + 1] : fill;
                var top = topLeft + (right * (topRight - topLeft));
                var bottom = bottomLeft + (right * (bottomRight - bottomLeft));
                output[to] = (byte)(top + (below * (bottom - top)) + 0.5f);
            }
        }
    }
}
