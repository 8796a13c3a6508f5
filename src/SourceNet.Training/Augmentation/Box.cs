namespace SourceNet.Training;

/// <summary>A rectangle of an image.</summary>
internal readonly record struct Box(int Top, int Left, int Height, int Width)
{
    /// <summary>The number of pixels.</summary>
    internal int Area => Height * Width;

    /// <summary>Sets the rectangle of every channel to 0.</summary>
    internal void Erase(Span<float> image, ImageShape shape)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            for (var y = Top; y < Top + Height; y++)
            {
                image.Slice((channel * shape.Pixels) + (y * shape.Width) + Left, Width).Clear();
            }
        }
    }
}
